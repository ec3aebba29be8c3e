//! The adapter itself.

use async_trait::async_trait;
use provider_http::{Failure, Passage, Wire, call};
use vision::{ImageInput, ModelError, Sighting, ViewSpec, VisionModel, report};

use crate::settings::{GeminiSettings, InvalidGeminiSettings};
use crate::{failure, request, response};

pub(crate) const NAME: &str = "gemini";

/// A Gemini model behind generateContent. Cheap to share; keeps its connections.
#[derive(Debug)]
pub struct Gemini {
    wire: Wire,
    instructions: String,
    settings: GeminiSettings,
}

impl Gemini {
    /// Checks the settings; nothing is sent.
    ///
    /// # Errors
    /// [`InvalidGeminiSettings`] names the setting at fault.
    pub fn new(settings: GeminiSettings) -> Result<Self, InvalidGeminiSettings> {
        let wire = Wire::to(settings.endpoint()?, settings.headers()?);
        Ok(Self {
            wire: wire.map_err(InvalidGeminiSettings::Client)?,
            instructions: report::instructions(&settings.topics),
            settings,
        })
    }

    async fn attempt(&self, image: &ImageInput, passage: Passage) -> Result<Sighting, Failure> {
        let body = request::body(&self.settings, &self.instructions, image, passage);
        let answer = self.wire.post(body.map_err(Failure::for_good)?).await?;
        let model = self.settings.model();
        if answer.status.is_success() {
            return response::sighting(&answer.body, model, &image.bill);
        }
        Err(failure::of(&answer, passage, model))
    }
}

#[async_trait]
impl VisionModel for Gemini {
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
