//! The adapter itself.

use async_trait::async_trait;
use bytes::Bytes;
use provider_http::{Failure, Passage, Wire, call};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use secrecy::ExposeSecret;
use vision::{Bill, ImageInput, ModelError, Sighting, ViewSpec, VisionModel, report};

use crate::failure::{ProviderError, from_status};
use crate::request;
use crate::response;
use crate::settings::{InvalidOpenAiSettings, OpenAiSettings};

pub(crate) const NAME: &str = "openai";

/// A model behind the Responses API. Cheap to share; keeps its connections.
#[derive(Debug)]
pub struct OpenAi {
    wire: Wire,
    instructions: String,
    settings: OpenAiSettings,
}

impl OpenAi {
    /// Checks the settings; nothing is sent.
    ///
    /// # Errors
    /// [`InvalidOpenAiSettings`] names the setting at fault.
    pub fn new(settings: OpenAiSettings) -> Result<Self, InvalidOpenAiSettings> {
        if settings.model.trim().is_empty() {
            return Err(InvalidOpenAiSettings::Model);
        }
        let wire = Wire::to(settings.endpoint()?, headers(&settings)?);
        Ok(Self {
            wire: wire.map_err(InvalidOpenAiSettings::Client)?,
            instructions: report::instructions(&settings.topics),
            settings,
        })
    }

    async fn attempt(&self, image: &ImageInput, passage: Passage) -> Result<Sighting, Failure> {
        let body = self.body(image, passage).map_err(Failure::for_good)?;
        self.exchange(body, &image.bill).await
    }

    fn body(&self, image: &ImageInput, passage: Passage) -> Result<Bytes, ModelError> {
        request::body(&self.settings, &self.instructions, image, passage)
    }

    async fn exchange(&self, body: Bytes, bill: &Bill) -> Result<Sighting, Failure> {
        let answer = self.wire.post(body).await?;
        let model = &self.settings.model;
        if answer.status.is_success() {
            return response::sighting(&answer.body, model, bill);
        }
        let error = ProviderError::from_body(&answer.body);
        Err(from_status(answer.status, &answer.headers, &error, model))
    }
}

#[async_trait]
impl VisionModel for OpenAi {
    fn name(&self) -> &'static str {
        NAME
    }

    fn view(&self) -> ViewSpec {
        ViewSpec::Jpeg {
            max_side: self.settings.max_side_px,
        }
    }

    async fn analyze(&self, image: &ImageInput) -> Result<Sighting, ModelError> {
        let within = self.settings.timeout.min(image.within);
        call(within, Passage::preferred(image), |passage| {
            self.attempt(image, passage)
        })
        .await
    }
}

fn headers(settings: &OpenAiSettings) -> Result<HeaderMap, InvalidOpenAiSettings> {
    let mut headers = HeaderMap::new();
    if let Some(key) = &settings.api_key {
        let value = HeaderValue::try_from(format!("Bearer {}", key.expose_secret()));
        let mut value = value.map_err(|_| InvalidOpenAiSettings::ApiKey)?;
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
    }
    Ok(headers)
}
