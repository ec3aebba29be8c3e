//! What the script wants to happen to the connection.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::{Ending, Talk};
use crate::sim::realtime::script::{Deed, Life, When};

const EXPIRED: &str = "Your session hit the maximum duration of 60 minutes.";

impl Talk {
    /// When the clock alone brings something about.
    pub(super) fn fate_due(&self) -> Option<Instant> {
        let life = match self.plan.life {
            Life::Seconds(seconds) => Some(Duration::from_secs(seconds)),
            Life::AudioMs(_) => None,
        };
        let deeds = self.plan.deeds.iter().filter_map(|(when, _)| match when {
            When::Ms(ms) => Some(Duration::from_millis(*ms)),
            _ => None,
        });
        let first = deeds.chain(life).min();
        first.map(|after| self.opened + after)
    }

    /// Does what the connection has lived to see.
    pub(super) fn meet_fate(&mut self) {
        if self.ending.is_some() {
            return;
        }
        if self.has_reached(self.end_of_life()) {
            return self.perform(Deed::Expire);
        }
        if self.plan.deeds.is_empty() {
            return;
        }
        let deeds = std::mem::take(&mut self.plan.deeds);
        let (reached, later) = deeds
            .into_iter()
            .partition(|(when, _)| self.has_reached(*when));
        self.plan.deeds = later;
        let reached: Vec<(When, Deed)> = reached;
        for (_, deed) in reached {
            self.perform(deed);
        }
    }

    fn end_of_life(&self) -> When {
        match self.plan.life {
            Life::Seconds(seconds) => When::Ms(seconds.saturating_mul(1000)),
            Life::AudioMs(ms) => When::AudioMs(ms),
        }
    }

    fn has_reached(&self, when: When) -> bool {
        match when {
            When::Ms(ms) => self.opened.elapsed() >= Duration::from_millis(ms),
            When::Events(count) => self.received >= count,
            When::AudioMs(ms) => self.ear.now_ms() >= ms,
            When::Answers(count) => self.answered >= count,
            When::SpokenMs(ms) => self.spoken_ms >= ms,
        }
    }

    /// Does a deed; none once the connection is ending.
    pub(crate) fn perform(&mut self, deed: Deed) {
        if self.ending.is_some() {
            return;
        }
        match deed {
            Deed::Expire => self.expire(),
            Deed::Close { code, reason } => self.ending = Some(Ending::Close { code, reason }),
            Deed::Lose => self.ending = Some(Ending::Lose),
            Deed::Reset => self.ending = Some(Ending::Reset),
            Deed::StopReading => self.reading = false,
            Deed::ReadAgain => self.reading = true,
            Deed::Error {
                kind,
                code,
                message,
            } => self.emit_error(&kind, &code, &message),
            Deed::Send(event) => self.send_as_is(event),
            Deed::SendText(text) => self.send(text, false),
            Deed::Release => self.release(),
        }
    }

    fn expire(&mut self) {
        self.emit_error("invalid_request_error", "session_expired", EXPIRED);
        self.ending = Some(Ending::Close {
            code: 1001,
            reason: EXPIRED.to_owned(),
        });
    }

    fn emit_error(&mut self, kind: &str, code: &str, message: &str) {
        let error = json!({"type": kind, "code": code, "message": message, "param": null,
            "event_id": null});
        self.emit("error", json!({"error": error}));
    }

    fn send_as_is(&mut self, mut event: Value) {
        if event["event_id"].is_null() {
            event["event_id"] = json!(self.ids.next("event"));
        }
        self.send(event.to_string(), false);
    }

    fn release(&mut self) {
        for answer in &mut self.answers {
            answer.answer.hold_at_ms = None;
            answer.held = false;
            answer.due = Instant::now();
        }
    }
}
