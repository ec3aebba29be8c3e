//! Several providers of vision.

use serde_json::json;
use testkit::sim::{Script, SimBill, Simulator, Step};

use super::Setup;

/// Three providers, each with a simulator of its own, asked in this order.
pub(crate) struct Houses {
    pub(crate) openai: Simulator,
    pub(crate) anthropic: Simulator,
    pub(crate) gemini: Simulator,
}

impl Houses {
    pub(crate) async fn start() -> Self {
        Self {
            openai: Simulator::start().await,
            anthropic: Simulator::start().await,
            gemini: Simulator::start().await,
        }
    }

    pub(crate) fn setup(&self) -> Setup {
        Setup::embedded(self.openai.base_url().as_str())
            .with("VISION_PROVIDERS", "openai,anthropic,gemini")
            .with("ANTHROPIC_BASE_URL", self.anthropic.origin().as_str())
            .with("ANTHROPIC_API_KEY", "anthropic-key")
            .with("GEMINI_BASE_URL", self.gemini.origin().as_str())
            .with("GEMINI_API_KEY", "gemini-key")
            .with("RATE_LIMIT_ANALYSES_PER_MIN", "0")
    }

    /// Each provider says who it is.
    pub(crate) fn introduce(&self) {
        for (simulator, name) in [
            (&self.openai, "openai"),
            (&self.anthropic, "anthropic"),
            (&self.gemini, "gemini"),
        ] {
            simulator.script(Script::new().always(says(name)));
        }
    }

    pub(crate) fn bills(&self) -> Vec<SimBill> {
        let houses = [&self.openai, &self.anthropic, &self.gemini];
        houses.iter().flat_map(|house| house.bills()).collect()
    }
}

/// Sees a page with this text.
pub(crate) fn says(text: &str) -> Step {
    Step::content(
        json!({"isStudying": true, "isActive": true, "isDistracted": false,
        "topic": "Biology", "subtopic": "", "extractedText": text}),
    )
}
