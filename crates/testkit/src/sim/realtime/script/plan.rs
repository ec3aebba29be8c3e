//! What happens to a whole connection.

use serde::Deserialize;

use super::Deed;
use crate::sim::realtime::ids::Ids;

/// The fate of a connection; without one it lives for 60 minutes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Plan {
    /// It is refused.
    pub refusal: Option<Refusal>,
    /// How long the session lasts.
    pub life: Life,
    /// What happens when; each once.
    pub deeds: Vec<(When, Deed)>,
    /// While the student speaks, `conversation.item.truncated` waits for the end of the turn, as it
    /// was seen to.
    pub late_truncated: bool,
    /// A `response.cancel` that finds no answer because speech has just cancelled it strikes the
    /// next one, as it was seen to.
    pub cancel_strikes_next: bool,
}

/// Why a connection is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// After the upgrade: `invalid_api_key`, close 3000.
    InvalidKey,
    /// After the upgrade: `model_not_found`, close 4004.
    ModelNotFound,
    /// After the upgrade: `insufficient_quota`, close 4000.
    Quota,
    /// After the upgrade: `rate_limit_exceeded`, close 4000.
    RateLimit,
    /// No upgrade: this HTTP status.
    Http(u16),
    /// Upgraded, and then nothing is sent.
    Silence,
    /// No answer to the upgrade.
    Hang,
}

/// How long a session lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Life {
    /// Seconds of the clock.
    Seconds(u64),
    /// Milliseconds of sound received: scripted time, for talks faster than real time.
    AudioMs(u64),
}

impl Default for Life {
    fn default() -> Self {
        Self::Seconds(3600)
    }
}

/// A moment of a connection, counted since it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// This many milliseconds of the clock.
    Ms(u64),
    /// This many events were received.
    Events(u64),
    /// This many milliseconds of sound were received.
    AudioMs(u64),
    /// This many answers are done.
    Answers(u64),
    /// This many milliseconds of answers were sent.
    SpokenMs(u64),
}

impl Plan {
    /// Nothing happens for 60 minutes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Refused.
    pub fn refused(refusal: Refusal) -> Self {
        Self {
            refusal: Some(refusal),
            ..Self::default()
        }
    }

    /// The same with this length of life.
    #[must_use]
    pub fn life(mut self, life: Life) -> Self {
        self.life = life;
        self
    }

    /// The same with one deed more.
    #[must_use]
    pub fn at(mut self, when: When, deed: Deed) -> Self {
        self.deeds.push((when, deed));
        self
    }

    /// The same with [`Plan::late_truncated`].
    #[must_use]
    pub fn late_truncated(mut self) -> Self {
        self.late_truncated = true;
        self
    }

    /// The same with [`Plan::cancel_strikes_next`].
    #[must_use]
    pub fn cancel_strikes_next(mut self) -> Self {
        self.cancel_strikes_next = true;
        self
    }

    /// An end of some kind at some moment: within `audio_ms` of received sound or of answers. The
    /// same for the same seed and connection.
    pub fn random(seed: u64, connection: u64, audio_ms: u64) -> Self {
        let mut chance = Ids::new(seed, connection);
        let mut below = |limit: u64| chance.draw() % limit.max(1);
        let at = below(audio_ms);
        let when = match below(3) {
            0 => When::Events(1 + at / 50),
            1 => When::SpokenMs(at),
            _ => When::AudioMs(at),
        };
        let deed = match below(5) {
            0 => Deed::Lose,
            1 => Deed::Reset,
            2 => Deed::Expire,
            3 => Deed::Close {
                code: 1011,
                reason: "internal error".to_owned(),
            },
            _ => Deed::Close {
                code: 1012,
                reason: "service restart".to_owned(),
            },
        };
        Self::new().at(when, deed)
    }
}
