//! Who gets in.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use auth::{AccessTokens, Auth, AuthPorts, AuthRules, GoogleAccounts, Mailer, RecentCensus};
use email::{Delivery, Email, EmailSettings, InvalidEmailSettings};
use files::DataFolder;
use google::{BrowserClient, Google, InvalidGoogleSettings};
use kernel::PortResult;
use limits::RateLimiter;
use secrecy::{ExposeSecret, SecretString};
use tokens::{Argon2Hasher, HashCost, HmacAccessTokens, SystemSecrets, TokenSettings};
use url::Url;

use super::Ground;
use crate::runtime::TokioTimer;
use crate::settings::{Faults, GoogleSettings, Settings};

/// Access tokens are ours and for us; the words must not change, or nobody's token is taken.
const OURSELVES: &str = "smartsight";
/// Where Google sends browsers back to, below the public address.
const GOOGLE_CALLBACK: [&str; 5] = ["api", "v1", "auth", "google", "callback"];
/// Where mail goes without a server, in the data folder.
const MAIL_FOLDER: &str = "mail";

/// What accounts ask outside of the database, and their rules.
pub(super) struct Outside {
    pub(super) access: Arc<dyn AccessTokens>,
    pub(super) google: Option<Arc<dyn GoogleAccounts>>,
    pub(super) mailer: Arc<dyn Mailer>,
    pub(super) rules: AuthRules,
}

/// What accounts share with the other rooms.
impl Outside {
    /// Opens what the settings name; nothing is sent.
    pub(super) fn open(
        settings: &Settings,
        folder: &DataFolder,
        address: &Url,
    ) -> anyhow::Result<Self> {
        let base = settings.public_url.as_ref().unwrap_or(address);
        let google = settings.accounts.google.as_ref();
        Ok(Self {
            access: Arc::new(access_tokens(settings, folder)?),
            google: match google.map(|google| google_accounts(google, base)) {
                Some(google) => Some(Arc::new(google?)),
                None => None,
            },
            mailer: Arc::new(mailer(settings, folder.path())?),
            rules: rules(settings),
        })
    }
}

/// Joins accounts to their ports; `limiter` counts attempts to sign in.
pub(super) fn auth(
    outside: Outside,
    limiter: Arc<dyn RateLimiter>,
    ground: Ground,
) -> PortResult<Auth> {
    let Outside {
        access,
        google,
        mailer,
        rules,
    } = outside;
    let Ground {
        database,
        clock,
        ids,
        tasks,
    } = ground;
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let ports = AuthPorts {
        accounts: database.clone(),
        families: database.clone(),
        mailed: database.clone(),
        feed: database.clone(),
        audit: database.clone(),
        census: Arc::new(RecentCensus::new(database, clock.clone())),
        limiter,
        hasher: Arc::new(Argon2Hasher::new(HashCost::default(), workers)?),
        access,
        google,
        mailer,
        secrets: Arc::new(SystemSecrets),
        clock,
        ids,
        tasks: Arc::new(tasks),
        timer: Arc::new(TokioTimer),
    };
    Ok(Auth::new(ports, rules))
}

/// The life of tokens stands in the contract; that of the audit is the operator's.
pub(super) fn rules(settings: &Settings) -> AuthRules {
    AuthRules {
        audit_for: settings.accounts.audit_for,
        ..AuthRules::default()
    }
}

fn access_tokens(settings: &Settings, folder: &DataFolder) -> anyhow::Result<HmacAccessTokens> {
    let secret = match &settings.accounts.jwt_secret {
        Some(secret) => secret.clone(),
        None => made_secret(folder)?,
    };
    let tokens = HmacAccessTokens::new(TokenSettings {
        secret,
        previous: settings.accounts.jwt_secret_previous.clone(),
        issuer: OURSELVES.to_owned(),
        audience: OURSELVES.to_owned(),
    });
    Ok(tokens.map_err(|fault| Faults::of("JWT_SECRET", fault))?)
}

fn made_secret(folder: &DataFolder) -> anyhow::Result<SecretString> {
    let bytes = folder.secret("access-tokens", 32)?;
    Ok(hex::encode(bytes.expose_secret()).into())
}

pub(super) fn google_accounts(settings: &GoogleSettings, base: &Url) -> anyhow::Result<Google> {
    let GoogleSettings {
        client_ids,
        client_secret,
        issuer,
    } = settings.clone();
    let browser = client_secret.map(|secret| BrowserClient {
        secret,
        redirect_url: below(base, &GOOGLE_CALLBACK),
    });
    let google = Google::new(google::GoogleSettings {
        issuer,
        client_ids,
        browser,
    });
    google.map_err(|fault| match &fault {
        InvalidGoogleSettings::Issuer => Faults::of("GOOGLE_ISSUER", fault).into(),
        InvalidGoogleSettings::ClientIds => Faults::of("GOOGLE_CLIENT_IDS", fault).into(),
        InvalidGoogleSettings::Client(_) => fault.into(),
    })
}

/// Where mail goes, if not to a server.
pub(super) fn mail_folder(settings: &Settings, folder: &DataFolder) -> Option<PathBuf> {
    let goes_to_server = settings.accounts.mail.smtp_url.is_some();
    (!goes_to_server).then(|| folder.path().join(MAIL_FOLDER))
}

/// Sends mail, to a folder in this one where there is no server.
pub(super) fn mailer(settings: &Settings, folder: &Path) -> anyhow::Result<Email> {
    let mail = settings.accounts.mail.clone();
    let delivery = match mail.smtp_url {
        Some(server) => Delivery::Smtp(server),
        None => Delivery::Folder(folder.join(MAIL_FOLDER)),
    };
    let email = Email::new(EmailSettings {
        delivery,
        from: mail.from,
        pages: mail.pages_url,
    });
    email.map_err(|fault| match &fault {
        InvalidEmailSettings::Server | InvalidEmailSettings::PlainPassword => {
            Faults::of("SMTP_URL", fault).into()
        }
        InvalidEmailSettings::From => Faults::of("MAIL_FROM", fault).into(),
        InvalidEmailSettings::Folder(_) => fault.into(),
    })
}

/// The address of a path below another address.
fn below(base: &Url, path: &[&str]) -> Url {
    let mut url = base.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().extend(path);
    }
    url.set_query(None);
    url.set_fragment(None);
    url
}
