//! What time alone brings about.

use chrono::TimeDelta;
use kernel::Timestamp;

use crate::client::ServerMessage;
use crate::model::{ModelLost, Retry};
use crate::relay::delta;
use crate::relay::effect::Effect;
use crate::relay::state::Relay;
use crate::relay::upstream::Age;
use crate::{EndReason, VoiceError};

/// Dropped frames are told at most so often.
const DROPS_APART: TimeDelta = TimeDelta::seconds(1);
/// How often a full queue towards the model is looked at again.
const DRAIN_AGAIN: TimeDelta = TimeDelta::milliseconds(20);
/// How often a quiet moment is looked for when the session is old.
const QUIET_AGAIN: TimeDelta = TimeDelta::milliseconds(250);

impl Relay {
    /// Does everything that is due. Called after every event, so it looks only at times.
    pub(super) fn settle(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        if let Some(error) = self.overdue(now) {
            return self.fail(error, now, out);
        }
        self.settle_model(now, out);
        if self.over {
            return;
        }
        while let Some(answer) = self.playback.pop_final(now) {
            self.conclude(&answer, out);
        }
        self.report_drops(now, out);
        self.ping_client(now, out);
        if self.has_said_goodbye(now) {
            self.end(EndReason::tool(), now, out);
        }
    }

    /// A limit that ends the conversation.
    fn overdue(&self, now: Timestamp) -> Option<VoiceError> {
        let limits = &self.rules.limits;
        if self.setup.ends_at.is_some_and(|at| at <= now) {
            return Some(VoiceError::DailyLimit {
                minutes: limits.minutes_a_day,
            });
        }
        if self.dies_at() <= now {
            return Some(VoiceError::Dead {
                seconds: limits.dead_after.as_secs(),
            });
        }
        if self.idle_at().is_some_and(|at| at <= now) {
            return Some(VoiceError::Idle {
                seconds: limits.idle.as_secs(),
            });
        }
        None
    }

    fn dies_at(&self) -> Timestamp {
        self.quiet.client_alive_at + delta(self.rules.limits.dead_after)
    }

    fn idle_at(&self) -> Option<Timestamp> {
        let idle = self.rules.limits.idle;
        let last = self.quiet.active_at.max(self.playback.plays_until());
        (!idle.is_zero()).then(|| last + delta(idle))
    }

    fn settle_model(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        if self.upstream.is_hopeless(now) {
            return self.fail(VoiceError::ProviderUnavailable, now, out);
        }
        if self.upstream.is_overdue(now) || self.model_is_dead(now) {
            let (retry, message) = (Retry::MayHelp, "no sign of life".to_owned());
            self.on_lost(&ModelLost { retry, message }, now, out);
        }
        self.renew_if_due(now, out);
        if self.upstream.begins(now) {
            out.push(Effect::Connect);
        }
        if !self.upstream.is_live() {
            return;
        }
        self.tell_more(now, out);
        self.release_held(now, out);
        if self.window.due(now).is_some_and(|at| at <= now) {
            self.tell_desk(now, out);
        }
        if self.model_ping_at() <= now {
            self.quiet.model_pinged_at = now;
            out.push(Effect::PingModel);
        }
    }

    fn model_is_dead(&self, now: Timestamp) -> bool {
        self.upstream.is_live() && self.model_dies_at() <= now
    }

    fn model_dies_at(&self) -> Timestamp {
        self.quiet.model_alive_at + delta(self.rules.limits.dead_after)
    }

    fn model_ping_at(&self) -> Timestamp {
        self.quiet.model_pinged_at + delta(self.rules.limits.ping_every)
    }

    fn client_ping_at(&self) -> Timestamp {
        self.quiet.client_pinged_at + delta(self.rules.limits.ping_every)
    }

    fn ping_client(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        if self.client_ping_at() <= now {
            self.quiet.client_pinged_at = now;
            out.push(Effect::PingClient);
        }
    }

    fn report_drops(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        if self.drops_at(now).is_some_and(|at| at <= now) {
            let dropped_frames = std::mem::take(&mut self.dropped.frames);
            self.dropped.told_at = Some(now);
            out.push(Effect::ToClient(ServerMessage::Backpressure {
                dropped_frames,
            }));
        }
    }

    fn drops_at(&self, now: Timestamp) -> Option<Timestamp> {
        let told = self.dropped.told_at.map(|at| at + DROPS_APART);
        (self.dropped.frames > 0).then(|| told.unwrap_or(now))
    }

    /// When [`handle`](Self::handle) has to be called with [`Event::Tick`](crate::Event::Tick) if
    /// nothing else happens; never before the last event's time.
    pub fn next_deadline(&self) -> Timestamp {
        let now = self.latest();
        let model = if self.upstream.is_live() {
            self.live_deadline(now)
        } else {
            self.upstream.hopeless_at()
        };
        let due = [
            self.upstream.due(now),
            self.playback.final_at(),
            self.drops_at(now),
            self.idle_at(),
            self.setup.ends_at,
            self.ending,
        ];
        let always = self.dies_at().min(self.client_ping_at()).min(model);
        due.into_iter()
            .flatten()
            .fold(always, Timestamp::min)
            .max(now)
    }

    fn live_deadline(&self, now: Timestamp) -> Timestamp {
        let due = [
            self.window.due(now),
            (!self.held.is_empty() || !self.listens()).then(|| now + DRAIN_AGAIN),
            (self.upstream.age(now) > Age::Young).then(|| now + QUIET_AGAIN),
        ];
        let alive = self.model_ping_at().min(self.model_dies_at());
        due.into_iter().flatten().fold(alive, Timestamp::min)
    }
}
