//! The adapter itself.

use bytes::Bytes;
use provider_http::{
    Answer, Failure, HostedModel, InvalidSettings, Looking, Passage, Protocol, below, key_header,
};
use reqwest::header::{AUTHORIZATION, HeaderMap};
use url::Url;
use vision::{Bill, ImageInput, ModelError, Sighting};

use crate::settings::OpenAiSettings;
use crate::{failure, request, response};

pub(crate) const NAME: &str = "openai";

/// A model behind the Responses API.
pub type OpenAi = HostedModel<OpenAiSettings>;

impl Protocol for OpenAiSettings {
    const NAME: &'static str = NAME;

    fn looking(&self) -> Looking<'_> {
        Looking {
            model: &self.model,
            timeout: self.timeout,
            max_side_px: self.max_side_px,
            topics: &self.topics,
        }
    }

    fn address(&self) -> Result<Url, InvalidSettings> {
        below(&self.base_url, &["responses"])
    }

    fn headers(&self) -> Result<HeaderMap, InvalidSettings> {
        let key = self.api_key.as_ref();
        let key = key.map(|key| key_header("Bearer ", key)).transpose()?;
        Ok(key.map(|key| (AUTHORIZATION, key)).into_iter().collect())
    }

    fn body(
        &self,
        instructions: &str,
        image: &ImageInput,
        passage: Passage,
    ) -> Result<Bytes, ModelError> {
        request::body(self, instructions, image, passage)
    }

    fn sighting(&self, body: &[u8], bill: &Bill) -> Result<Sighting, Failure> {
        response::sighting(body, &self.model, bill)
    }

    fn failure(&self, answer: &Answer, _: Passage) -> Failure {
        failure::of(answer, &self.model)
    }
}
