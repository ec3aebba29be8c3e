//! The adapter itself.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use auth::{Mail, Mailer};
use calls::{CallRules, Guard};
use kernel::{Fault, PortError, PortResult};
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::PoolConfig;
use lettre::{
    AsyncFileTransport, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor, transport,
};
use patience::{Backoff, BreakerRules};
use url::Url;

use crate::settings::{self, Delivery, EmailSettings, InvalidEmailSettings};
use crate::text;

/// For each answer of the server.
const TIMEOUT: Duration = Duration::from_secs(10);
/// The same mail twice does no harm: its code is good once.
const RULES: CallRules = CallRules {
    within: Duration::from_secs(30),
    retries: Backoff {
        retries: 2,
        first: Duration::from_millis(500),
        longest: Duration::from_secs(2),
    },
    breaker: BreakerRules {
        failures: 5,
        window: Duration::from_mins(1),
        pause: Duration::from_secs(5),
        longest_pause: Duration::from_mins(1),
        trial: Duration::from_secs(30),
    },
};
const SEND: &str = "hand a mail to the SMTP server";
const CHECK: &str = "greet the SMTP server";

/// Sends mail. Cheap to share; keeps a few connections.
pub struct Email {
    way: Way,
    from: Mailbox,
    pages: Option<Url>,
}

enum Way {
    Smtp(Box<Smtp>),
    Folder(AsyncFileTransport<Tokio1Executor>),
}

/// A server, asked with patience.
struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    guard: Guard,
}

impl Smtp {
    /// What a server says about one mail tells nothing about the next; only where it says nothing
    /// it counts as away, and is asked again.
    async fn send(&self, message: &Message) -> PortResult<()> {
        let sent = self.guard.repeating(SEND, || async {
            match self.transport.send(message.clone()).await {
                Ok(_) => Ok(Ok(())),
                Err(cause) if cause.status().is_some() => Ok(Err(smtp_failed(SEND, cause))),
                Err(cause) => Err(smtp_failed(SEND, cause)),
            }
        });
        sent.await?
    }
}

impl Email {
    /// Checks the settings and makes the folder; nothing is sent. Must be called where a tokio
    /// runtime is.
    ///
    /// # Errors
    /// [`InvalidEmailSettings`] names the setting at fault.
    pub fn new(settings: EmailSettings) -> Result<Self, InvalidEmailSettings> {
        let EmailSettings {
            delivery,
            from,
            pages,
        } = settings;
        Ok(Self {
            way: way(delivery)?,
            from: from.parse().map_err(|_| InvalidEmailSettings::From)?,
            pages,
        })
    }

    /// Whether the server takes the login, or the folder is there; nothing is sent. For the
    /// operator.
    ///
    /// # Errors
    /// `Refused` for a login that is not taken, else `Unavailable`.
    pub async fn check(&self) -> PortResult<()> {
        let Way::Smtp(smtp) = &self.way else {
            return Ok(());
        };
        match smtp.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(PortError::bare(Fault::Unavailable, CHECK)),
            Err(cause) => Err(smtp_failed(CHECK, cause)),
        }
    }

    fn message(&self, mail: &Mail) -> PortResult<Message> {
        let text = text::of(mail, self.pages.as_ref());
        let to = mail.to.as_str().parse().map_err(refused)?;
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(text.subject)
            .header(ContentType::TEXT_PLAIN)
            .body(text.body)
            .map_err(refused)
    }
}

#[async_trait]
impl Mailer for Email {
    async fn send(&self, mail: &Mail) -> PortResult<()> {
        let message = self.message(mail)?;
        match &self.way {
            Way::Smtp(smtp) => smtp.send(&message).await,
            Way::Folder(folder) => folder.send(message).await.map(drop).map_err(|cause| {
                PortError::new(Fault::Unavailable, "write a mail to the folder", cause)
            }),
        }
    }
}

fn way(delivery: Delivery) -> Result<Way, InvalidEmailSettings> {
    match delivery {
        Delivery::Smtp(address) => {
            let url = settings::server(&address)?;
            let smtp = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.as_str());
            let smtp = smtp.map_err(|_| InvalidEmailSettings::Server)?;
            let pool = PoolConfig::new().max_size(4);
            let transport = smtp.timeout(Some(TIMEOUT)).pool_config(pool).build();
            let guard = Guard::new("mail", RULES);
            Ok(Way::Smtp(Box::new(Smtp { transport, guard })))
        }
        Delivery::Folder(folder) => {
            private_folder(&folder).map_err(InvalidEmailSettings::Folder)?;
            Ok(Way::Folder(AsyncFileTransport::new(folder)))
        }
    }
}

/// What lies there lets its reader into accounts.
fn private_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::set_permissions(folder, Permissions::from_mode(0o700))
}

/// A 5xx answer (wrong login, no such mailbox) stays; everything else may pass.
fn smtp_failed(context: &'static str, cause: transport::smtp::Error) -> PortError {
    let fault = if cause.is_permanent() || cause.is_client() {
        Fault::Refused
    } else {
        Fault::Unavailable
    };
    PortError::new(fault, context, cause)
}

fn refused(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> PortError {
    PortError::new(Fault::Refused, "write a mail", cause)
}
