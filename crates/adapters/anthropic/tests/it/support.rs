//! One model, one simulator.

use std::io::Cursor;
use std::time::Duration;

use anthropic::{Anthropic, AnthropicSettings};
use bytes::Bytes;
use image::{ImageFormat, RgbImage};
use testkit::sim::{Fault, Script, SimOptions, Simulator, Step};
use vision::{Bill, ImageInput, ModelError, Sighting, View, VisionModel};

pub(crate) const KEY: &str = "sk-ant-right";

pub(crate) struct House {
    pub(crate) simulator: Simulator,
    pub(crate) settings: AnthropicSettings,
}

impl House {
    /// A simulator that takes one key and one model, and settings that fit.
    pub(crate) async fn new() -> Self {
        let simulator = Simulator::start_with(SimOptions {
            keys: Some(vec![KEY.to_owned()]),
            models: Some(vec!["m-1".to_owned()]),
            ..SimOptions::default()
        })
        .await;
        let mut settings = AnthropicSettings::new(simulator.origin(), KEY.into(), "m-1");
        settings.topics = vec!["Bio".to_owned(), "Math".to_owned()];
        Self {
            simulator,
            settings,
        }
    }

    /// A house whose simulator plays these steps.
    pub(crate) async fn with(steps: impl IntoIterator<Item = Step>) -> Self {
        let house = Self::new().await;
        house.simulator.script(Script::new().queue(steps));
        house
    }

    pub(crate) async fn look(&self, image: &ImageInput) -> Result<Sighting, ModelError> {
        Anthropic::new(self.settings.clone())
            .unwrap()
            .analyze(image)
            .await
    }
}

/// Milliseconds between attempts, so that tests take none.
pub(crate) fn rate_limit(retry_after_ms: u64) -> Step {
    Step::fault(Fault::RateLimit {
        retry_after_ms: Some(retry_after_ms),
    })
}

pub(crate) fn page() -> ImageInput {
    let mut file = Cursor::new(Vec::new());
    RgbImage::new(64, 48)
        .write_to(&mut file, ImageFormat::Jpeg)
        .unwrap();
    ImageInput {
        view: View::Jpeg {
            bytes: Bytes::from(file.into_inner()),
            width: 64,
            height: 48,
        },
        link: None,
        student: "student-1".to_owned(),
        within: Duration::from_mins(1),
        bill: Bill::default(),
    }
}

/// The answer to one fault, with a second look that would go well.
pub(crate) async fn error_of(step: Step) -> (ModelError, u64) {
    let mut house = House::with([step]).await;
    house.settings.timeout = Duration::from_secs(10);
    let error = house.look(&page()).await.unwrap_err();
    (error, house.simulator.request_count())
}
