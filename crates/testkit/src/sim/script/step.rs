//! One scripted answer.

use std::time::Duration;

use serde_json::Value;

use super::Fault;

/// One answer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Step {
    /// Before the answer; `None` takes the simulator's.
    pub latency: Option<Duration>,
    /// A reasoning item comes before the message.
    pub reasoning: bool,
    /// What is said.
    pub reply: Reply,
}

/// What is said.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Reply {
    /// A plausible answer that fits the schema asked for.
    #[default]
    Sample,
    /// A sample with these fields of `contentAnalysis`.
    Content(Value),
    /// The model's text as JSON.
    Json(Value),
    /// The model's text.
    Text(String),
    /// A fault.
    Fault(Fault),
}

impl Step {
    /// A plausible answer.
    pub fn sample() -> Self {
        Self::default()
    }

    /// A sample with these fields of `contentAnalysis`.
    pub fn content(fields: Value) -> Self {
        Self::of(Reply::Content(fields))
    }

    /// The model's text as JSON.
    pub fn json(value: Value) -> Self {
        Self::of(Reply::Json(value))
    }

    /// The model's text.
    pub fn text(text: &str) -> Self {
        Self::of(Reply::Text(text.to_owned()))
    }

    /// A fault.
    pub fn fault(fault: Fault) -> Self {
        Self::of(Reply::Fault(fault))
    }

    /// The same, after this long.
    #[must_use]
    pub fn after(mut self, latency: Duration) -> Self {
        self.latency = Some(latency);
        self
    }

    /// The same behind a reasoning item.
    #[must_use]
    pub fn with_reasoning(mut self) -> Self {
        self.reasoning = true;
        self
    }

    fn of(reply: Reply) -> Self {
        Self {
            reply,
            ..Self::default()
        }
    }
}
