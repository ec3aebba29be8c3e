//! The adapter itself.

use bytes::Bytes;
use provider_http::{
    Answer, Failure, HostedModel, InvalidSettings, Looking, Passage, Protocol, below, key_header,
};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use url::Url;
use vision::{Bill, ImageInput, ModelError, Sighting};

use crate::settings::AnthropicSettings;
use crate::{failure, request, response};

pub(crate) const NAME: &str = "anthropic";

/// The version of the protocol that requests are written in.
const VERSION: &str = "2026-10-21";

/// A Claude model behind the Messages API.
pub type Anthropic = HostedModel<AnthropicSettings>;

impl Protocol for AnthropicSettings {
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
        below(&self.base_url, &["v1", "messages"])
    }

    fn headers(&self) -> Result<HeaderMap, InvalidSettings> {
        let version = HeaderValue::from_static(VERSION);
        Ok(HeaderMap::from_iter([
            (
                HeaderName::from_static("x-api-key"),
                key_header("", &self.api_key)?,
            ),
            (HeaderName::from_static("anthropic-version"), version),
        ]))
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
        response::sighting(body, bill)
    }

    fn failure(&self, answer: &Answer, passage: Passage) -> Failure {
        failure::of(answer, passage, &self.model)
    }
}
