//! The adapter itself.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use reqwest::Client;
use reqwest::header::HeaderValue;
use reqwest::redirect::Policy;
use secrecy::ExposeSecret;
use vision::{ImageInput, ModelError, Sighting, ViewSpec, VisionModel};

use crate::exchange::Exchange;
use crate::failure::Failure;
use crate::request::{self, Passage};
use crate::settings::{InvalidOpenAiSettings, OpenAiSettings};
use crate::{prompt, retry};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// A model behind the Responses API. Cheap to share; keeps its connections.
#[derive(Debug)]
pub struct OpenAi {
    exchange: Exchange,
    instructions: String,
    settings: OpenAiSettings,
}

impl OpenAi {
    /// Checks the settings; nothing is sent.
    ///
    /// # Errors
    /// [`InvalidOpenAiSettings`] names the setting at fault.
    pub fn new(settings: OpenAiSettings) -> Result<Self, InvalidOpenAiSettings> {
        check(&settings)?;
        let exchange = Exchange {
            endpoint: settings.endpoint()?,
            client: client(&settings)?,
            api_key: settings.api_key.clone(),
            model: settings.model.clone(),
        };
        Ok(Self {
            exchange,
            instructions: prompt::instructions(&settings.topics),
            settings,
        })
    }

    fn body(&self, image: &ImageInput, passage: Passage) -> Result<Bytes, ModelError> {
        request::body(&self.settings, &self.instructions, image, passage)
    }
}

#[async_trait]
impl VisionModel for OpenAi {
    fn name(&self) -> &'static str {
        "openai"
    }

    fn view(&self) -> ViewSpec {
        ViewSpec::Jpeg {
            max_side: self.settings.max_side_px,
        }
    }

    async fn analyze(&self, image: &ImageInput) -> Result<Sighting, ModelError> {
        let attempt = |passage| async move {
            let body = self.body(image, passage).map_err(Failure::for_good)?;
            self.exchange.attempt(body).await
        };
        retry::run(
            self.settings.timeout,
            Passage::preferred(image),
            jitter,
            attempt,
        )
        .await
    }
}

fn check(settings: &OpenAiSettings) -> Result<(), InvalidOpenAiSettings> {
    if settings.model.trim().is_empty() {
        return Err(InvalidOpenAiSettings::Model);
    }
    let key = settings
        .api_key
        .as_ref()
        .map_or("", ExposeSecret::expose_secret);
    HeaderValue::from_str(key)
        .map(drop)
        .map_err(|_| InvalidOpenAiSettings::ApiKey)
}

/// Redirects are not followed: a photograph goes only where the settings say.
fn client(settings: &OpenAiSettings) -> Result<Client, InvalidOpenAiSettings> {
    let mut builder = Client::builder()
        .user_agent(concat!("smartsight/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_TIMEOUT.min(settings.timeout))
        .redirect(Policy::none());
    if settings.base_url.scheme() == "http" {
        // A machine without root certificates can still ask a server in the own house.
        builder = builder.tls_certs_only([]);
    }
    builder.build().map_err(InvalidOpenAiSettings::Client)
}

/// Parts of a thousand, 0 to 250. The seeds of the standard hasher are chance enough to spread
/// retries.
fn jitter() -> u32 {
    let chance = RandomState::new().build_hasher().finish() % 251;
    u32::try_from(chance).unwrap_or_default()
}
