//! One answer that a provider bills.

use kernel::{ChargeId, Timestamp, UserId};

use crate::usage::Usage;

/// What a model was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Work {
    /// To look at a picture.
    Vision,
    /// To talk.
    Voice,
}

impl Work {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Vision, Self::Voice];

    /// Its name in storage and answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Vision => "vision",
            Self::Voice => "voice",
        }
    }

    /// From its name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|work| work.as_str() == name)
    }
}

/// An answer as its provider counts it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bill {
    /// What the model was asked for.
    pub work: Work,
    /// The provider's name, as in settings.
    pub provider: String,
    /// The model, as the provider names it.
    pub model: String,
    /// What it took.
    pub usage: Usage,
}

/// An answer as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// Its id.
    pub id: ChargeId,
    /// Whom the call was made for.
    pub user: UserId,
    /// When it was billed.
    pub at: Timestamp,
    /// What was billed.
    pub bill: Bill,
    /// What it cost, in millionths of a US dollar; `None` when no price was known.
    pub cost_micros: Option<u64>,
}
