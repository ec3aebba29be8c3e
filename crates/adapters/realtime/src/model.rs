//! The adapter itself.

use std::sync::Arc;

use async_trait::async_trait;
use rustls::ClientConfig;
use tokio::time::{Instant, timeout_at};
use voice::model::{ConnectError, ModelLink, RealtimeModel, Retry};

use crate::commands::Writer;
use crate::dial::{Target, dial};
use crate::link::Link;
use crate::pulse::Patience;
use crate::settings::{InvalidRealtimeSettings, RealtimeSettings};
use crate::{faults, tls};

/// A model behind the Realtime protocol. Cheap to share; holds no connection of its own.
#[derive(Debug)]
pub struct Realtime {
    settings: RealtimeSettings,
    tls: Option<Arc<ClientConfig>>,
}

impl Realtime {
    /// Checks the settings; nothing is sent. Root certificates are read for `wss` only.
    ///
    /// # Errors
    /// [`InvalidRealtimeSettings`] names the setting at fault.
    pub fn new(settings: RealtimeSettings) -> Result<Self, InvalidRealtimeSettings> {
        settings.check()?;
        let secure = settings.url.scheme() == "wss";
        let tls = secure.then(tls::config).transpose();
        Ok(Self {
            tls: tls.map_err(InvalidRealtimeSettings::Tls)?,
            settings,
        })
    }

    fn patience(&self, welcome_by: Instant) -> Patience {
        Patience {
            welcome_by,
            ping_after: self.settings.ping_after,
            dead_after: self.settings.dead_after,
            close_timeout: self.settings.close_timeout,
        }
    }

    fn writer(&self) -> Writer {
        Writer {
            transcription_model: self.settings.transcription_model.clone(),
            noise_reduction: self.settings.noise_reduction,
            retention: self.settings.retention,
        }
    }
}

#[async_trait]
impl RealtimeModel for Realtime {
    fn name(&self) -> &str {
        &self.settings.model
    }

    async fn connect(&self, student: &str) -> Result<Box<dyn ModelLink>, ConnectError> {
        let target = Target::new(&self.settings, student).map_err(|error| ConnectError {
            retry: Retry::WillNotHelp,
            message: error.to_string(),
        })?;
        let deadline = Instant::now() + self.settings.connect_timeout;
        let dialled = timeout_at(deadline, dial(target, self.tls.clone())).await;
        let socket = dialled
            .map_err(|_| faults::too_slow())?
            .map_err(|error| faults::not_opened(&error))?;
        Ok(Box::new(Link::new(
            socket,
            self.patience(deadline),
            self.writer(),
        )))
    }
}
