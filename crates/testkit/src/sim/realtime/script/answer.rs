//! One scripted answer.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::Deed;

/// What is answered to a turn.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Answer {
    /// Between `response.created` and the first word, in ms.
    pub latency_ms: u64,
    /// What is said and called, in order; nothing is the words that the context suggests.
    pub parts: Vec<Part>,
    /// Generates no further than this many ms of sound until [`Deed::Release`], or until the answer
    /// is cancelled.
    pub hold_at_ms: Option<u32>,
    /// In place of the simulator's speed.
    pub speed: Option<f64>,
    /// How it ends.
    pub end: End,
    /// What happens once so many ms of its sound are sent.
    pub deeds: Vec<(u32, Deed)>,
}

/// One output item.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Part {
    /// A spoken message, or a written one where text is asked for.
    Say {
        /// The words.
        text: String,
        /// How long it sounds; `None` takes 60 ms for every character.
        #[serde(default)]
        ms: Option<u32>,
    },
    /// A function call.
    Call {
        /// The function.
        name: String,
        /// Its arguments.
        arguments: Value,
    },
}

/// How an answer ends by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// Whole.
    #[default]
    Completed,
    /// In the middle of the last part; `max_output_tokens` or `content_filter`.
    Incomplete(String),
    /// Without a word, with this code.
    Failed(String),
}

impl Answer {
    /// What the context suggests.
    pub fn sample() -> Self {
        Self::default()
    }

    /// These words.
    pub fn say(text: &str) -> Self {
        Self::default().and(Part::Say {
            text: text.to_owned(),
            ms: None,
        })
    }

    /// These words, sounding this long.
    pub fn say_for(text: &str, ms: u32) -> Self {
        Self::default().and(Part::Say {
            text: text.to_owned(),
            ms: Some(ms),
        })
    }

    /// A function call.
    pub fn call(name: &str, arguments: Value) -> Self {
        Self::default().and(Part::Call {
            name: name.to_owned(),
            arguments,
        })
    }

    /// No words: `response.done` with status `failed` and this code.
    pub fn failed(code: &str) -> Self {
        Self {
            end: End::Failed(code.to_owned()),
            ..Self::default()
        }
    }

    /// One part more.
    #[must_use]
    pub fn and(mut self, part: Part) -> Self {
        self.parts.push(part);
        self
    }

    /// The same, ending in the middle for this reason.
    #[must_use]
    pub fn cut_by(mut self, reason: &str) -> Self {
        self.end = End::Incomplete(reason.to_owned());
        self
    }

    /// The same, beginning later.
    #[must_use]
    pub fn after(mut self, latency: Duration) -> Self {
        self.latency_ms = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX);
        self
    }

    /// The same, stopping after so much sound; see [`Answer::hold_at_ms`].
    #[must_use]
    pub fn hold_at(mut self, ms: u32) -> Self {
        self.hold_at_ms = Some(ms);
        self
    }

    /// The same at this speed; 0 is at once.
    #[must_use]
    pub fn speed(mut self, times: f64) -> Self {
        self.speed = Some(times);
        self
    }

    /// The same with a deed once so many ms of sound are sent.
    #[must_use]
    pub fn at(mut self, ms: u32, deed: Deed) -> Self {
        self.deeds.push((ms, deed));
        self
    }
}
