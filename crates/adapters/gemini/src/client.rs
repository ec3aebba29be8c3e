//! The adapter itself.

use bytes::Bytes;
use provider_http::{
    Answer, Failure, HostedModel, InvalidSettings, Looking, Passage, Protocol, below, key_header,
};
use reqwest::header::{HeaderMap, HeaderName};
use url::Url;
use vision::{Bill, ImageInput, ModelError, Sighting};

use crate::settings::GeminiSettings;
use crate::{failure, request, response};

pub(crate) const NAME: &str = "gemini";

/// A Gemini model behind generateContent.
pub type Gemini = HostedModel<GeminiSettings>;

impl Protocol for GeminiSettings {
    const NAME: &'static str = NAME;

    fn looking(&self) -> Looking<'_> {
        Looking {
            model: self.model(),
            timeout: self.timeout,
            max_side_px: self.max_side_px,
            topics: &self.topics,
        }
    }

    fn address(&self) -> Result<Url, InvalidSettings> {
        let verb = format!("{}:generateContent", self.model());
        below(&self.base_url, &["v1beta", "models", &verb])
    }

    fn headers(&self) -> Result<HeaderMap, InvalidSettings> {
        let name = HeaderName::from_static("x-goog-api-key");
        Ok(HeaderMap::from_iter([(
            name,
            key_header("", &self.api_key)?,
        )]))
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
        response::sighting(body, self.model(), bill)
    }

    fn failure(&self, answer: &Answer, passage: Passage) -> Failure {
        failure::of(answer, passage, self.model())
    }
}
