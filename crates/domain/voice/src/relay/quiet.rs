//! Who speaks, who was heard of last.

use chrono::TimeDelta;
use kernel::Timestamp;

/// An answer follows what the student said within this time, or not at all.
const ANSWER_WITHIN: TimeDelta = TimeDelta::seconds(3);

/// The times that silence is measured from.
pub(crate) struct Quiet {
    /// Somebody said or did something.
    pub(crate) active_at: Timestamp,
    pub(crate) client_alive_at: Timestamp,
    pub(crate) client_pinged_at: Timestamp,
    pub(crate) model_alive_at: Timestamp,
    pub(crate) model_pinged_at: Timestamp,
    /// The student speaks.
    speaking: bool,
    /// The student has spoken and the model has not begun to answer.
    spoke_at: Option<Timestamp>,
}

impl Quiet {
    pub(crate) const fn new(now: Timestamp) -> Self {
        Self {
            active_at: now,
            client_alive_at: now,
            client_pinged_at: now,
            model_alive_at: now,
            model_pinged_at: now,
            speaking: false,
            spoke_at: None,
        }
    }

    pub(crate) const fn speech_started(&mut self) {
        self.speaking = true;
        self.spoke_at = None;
    }

    pub(crate) const fn speech_stopped(&mut self, now: Timestamp) {
        self.speaking = false;
        self.spoke_at = Some(now);
    }

    pub(crate) const fn answer_began(&mut self) {
        self.spoke_at = None;
    }

    pub(crate) const fn is_speaking(&self) -> bool {
        self.speaking
    }

    /// An answer to what was said may begin any moment.
    pub(crate) fn answer_expected(&self, now: Timestamp) -> bool {
        self.spoke_at.is_some_and(|at| now - at < ANSWER_WITHIN)
    }

    /// The model's session is lost. Returns whether something said was not answered; what it will
    /// hear again (`is_unheard`) may wait for an answer for longer.
    pub(crate) fn lose(&mut self, is_unheard: bool, now: Timestamp) -> bool {
        let expected = self.answer_expected(now) || (is_unheard && self.spoke_at.is_some());
        self.speaking = false;
        self.spoke_at = None;
        expected
    }
}
