//! A model behind a provider's protocol.

use std::fmt::Debug;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use reqwest::header::HeaderMap;
use url::Url;
use vision::{Bill, ImageInput, ModelError, Sighting, ViewSpec, VisionModel, report};

use crate::failure::Failure;
use crate::passage::Passage;
use crate::retry::call;
use crate::settings::InvalidSettings;
use crate::wire::{Answer, Wire};

/// A provider's protocol as its settings speak it.
pub trait Protocol: Debug + Send + Sync {
    /// The provider's name in settings, logs and metrics.
    const NAME: &'static str;

    /// What every provider's settings hold.
    fn looking(&self) -> Looking<'_>;

    /// The address requests go to.
    fn address(&self) -> Result<Url, InvalidSettings>;

    /// What every request carries; secret values are marked sensitive.
    fn headers(&self) -> Result<HeaderMap, InvalidSettings>;

    /// One request's body.
    fn body(
        &self,
        instructions: &str,
        image: &ImageInput,
        passage: Passage,
    ) -> Result<Bytes, ModelError>;

    /// Reads a successful answer's body and notes what it cost.
    fn sighting(&self, body: &[u8], bill: &Bill) -> Result<Sighting, Failure>;

    /// What an answer with an error status means.
    fn failure(&self, answer: &Answer, passage: Passage) -> Failure;
}

/// What every provider's settings hold.
#[derive(Debug, Clone, Copy)]
pub struct Looking<'a> {
    /// The model's name as the provider knows it.
    pub model: &'a str,
    /// The most one call takes, all its attempts and the waits between them included.
    pub timeout: Duration,
    /// Pixels of the longer side of what is sent.
    pub max_side_px: u32,
    /// Canonical topic names the model chooses from where one fits.
    pub topics: &'a [String],
}

/// A model behind a protocol. Cheap to share; keeps its connections.
#[derive(Debug)]
pub struct HostedModel<P> {
    wire: Wire,
    instructions: String,
    protocol: P,
}

impl<P: Protocol> HostedModel<P> {
    /// Checks the settings; nothing is sent.
    ///
    /// # Errors
    /// [`InvalidSettings`] names the setting at fault.
    pub fn new(protocol: P) -> Result<Self, InvalidSettings> {
        let Looking { model, topics, .. } = protocol.looking();
        if model.trim().is_empty() {
            return Err(InvalidSettings::Model);
        }
        let wire = Wire::to(protocol.address()?, protocol.headers()?);
        Ok(Self {
            wire: wire.map_err(InvalidSettings::Client)?,
            instructions: report::instructions(topics),
            protocol,
        })
    }

    async fn attempt(&self, image: &ImageInput, passage: Passage) -> Result<Sighting, Failure> {
        let body = self.protocol.body(&self.instructions, image, passage);
        let answer = self.wire.post(body.map_err(Failure::for_good)?).await?;
        if answer.status.is_success() {
            return self.protocol.sighting(&answer.body, &image.bill);
        }
        Err(self.protocol.failure(&answer, passage))
    }
}

#[async_trait]
impl<P: Protocol> VisionModel for HostedModel<P> {
    fn name(&self) -> &'static str {
        P::NAME
    }

    fn view(&self) -> ViewSpec {
        ViewSpec::Jpeg {
            max_side: self.protocol.looking().max_side_px,
        }
    }

    async fn analyze(&self, image: &ImageInput) -> Result<Sighting, ModelError> {
        let within = self.protocol.looking().timeout.min(image.within);
        call(within, Passage::preferred(image), |passage| {
            self.attempt(image, passage)
        })
        .await
    }
}
