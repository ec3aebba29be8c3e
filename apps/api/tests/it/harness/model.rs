//! The vision model: the provider simulator with words of its own for what it says next.

use std::time::Duration;

use serde_json::json;
use testkit::sim::{Fault, Script, Simulator, Step};

/// A model that says what it was told last.
pub(crate) struct Model(Simulator);

/// Status and code that a client sees for each way the model can fail.
type Failure = (Fault, u16, &'static str);

impl Model {
    pub(crate) async fn start() -> Self {
        Self(Simulator::start().await)
    }

    pub(crate) fn url(&self) -> String {
        self.0.base_url().to_string()
    }

    pub(super) fn simulator(&self) -> &Simulator {
        &self.0
    }

    /// How often it was asked.
    pub(crate) fn calls(&self) -> u64 {
        self.0.request_count()
    }

    /// Sees this from now on; a blank label stands for none.
    pub(crate) fn says(&self, topic: &str, subtopic: &str, text: &str) {
        self.answer(Step::content(json!({
            "isStudying": true, "isActive": true, "isDistracted": false,
            "topic": topic, "subtopic": subtopic, "extractedText": text,
        })));
    }

    /// Thinks for so long from now on, before it sees a page.
    pub(crate) fn thinks(&self, latency: Duration) {
        let page = json!({
            "isStudying": true, "isActive": true, "isDistracted": false,
            "topic": "Biology", "subtopic": "", "extractedText": "text of a page",
        });
        self.answer(Step::content(page).after(latency));
    }

    /// Sees a subject, or nothing to study, from now on.
    pub(crate) fn sees(&self, subject: Option<&str>, studying: bool) {
        self.answer(Step::content(json!({
            "isStudying": studying, "isActive": studying, "isDistracted": !studying,
            "topic": subject.unwrap_or_default(), "subtopic": "", "extractedText": "",
        })));
    }

    /// Fails like this from now on.
    pub(crate) fn fails(&self, fault: Fault) {
        self.answer(Step::fault(fault));
    }

    /// Every way to fail that a client can tell apart, and a few it cannot.
    pub(crate) fn failures() -> Vec<Failure> {
        let bad = |fault| (fault, 502, "VISION_BAD_OUTPUT");
        let away = |fault| (fault, 502, "VISION_UNAVAILABLE");
        vec![
            bad(Fault::NoText),
            bad(Fault::NotJson),
            bad(Fault::CutJson),
            bad(Fault::MissingContentAnalysis),
            bad(Fault::MissingFields {
                fields: vec!["topic".to_owned()],
            }),
            bad(Fault::WrongTypes),
            bad(Fault::Refusal),
            bad(Fault::Incomplete {
                reason: "max_output_tokens".to_owned(),
            }),
            away(Fault::ServerError),
            away(Fault::CutConnection),
            away(Fault::InvalidKey),
            (Fault::Hang, 504, "VISION_TIMEOUT"),
            (Fault::Quota, 503, "VISION_RATE_LIMITED"),
        ]
    }

    /// A header of the newest request.
    pub(crate) fn newest_header(&self, name: &str) -> Option<String> {
        let requests = self.0.requests();
        let value = requests.last()?.headers.get(name)?.to_str();
        value.ok().map(str::to_owned)
    }

    /// What was sent with the newest request: a data URL or a link.
    pub(crate) fn newest_image_url(&self) -> String {
        self.0
            .requests()
            .last()
            .and_then(testkit::sim::RecordedRequest::image_url)
            .unwrap()
    }

    /// The bytes of the image sent inline with the newest request.
    pub(crate) fn newest_image(&self) -> Vec<u8> {
        self.0
            .requests()
            .last()
            .and_then(testkit::sim::RecordedRequest::image)
            .unwrap()
    }

    /// Width and height of the image sent inline with the newest request.
    pub(crate) fn newest_image_sides(&self) -> (u32, u32) {
        let image = image::load_from_memory(&self.newest_image()).unwrap();
        (image.width(), image.height())
    }

    fn answer(&self, step: Step) {
        self.0.script(Script::new().always(step));
    }
}
