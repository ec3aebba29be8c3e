//! What is stored while a conversation goes on: one write at a time, nothing waits for it, nothing
//! is lost by a failure.

use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::future::BoxFuture;
use kernel::{Fault, PortResult};
use ledger::{Change, VoiceTurn};

use crate::voice::Voice;
use crate::{Append, NewTurn, Turn, Usage, VoiceSession};

const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// Writes one conversation's turns and usage.
pub(super) struct Writer {
    voice: Voice,
    session: VoiceSession,
    usage: Usage,
    turns: Vec<NewTurn>,
    is_metered: bool,
    state: State,
    /// After a failure the next write waits, twice as long each time.
    wait: Duration,
}

enum State {
    Idle,
    Writing(BoxFuture<'static, (Append, PortResult<()>)>),
    Waiting(BoxFuture<'static, ()>),
}

impl Writer {
    pub(super) const fn new(voice: Voice, session: VoiceSession) -> Self {
        Self {
            usage: session.usage,
            voice,
            session,
            turns: Vec::new(),
            is_metered: true,
            state: State::Idle,
            wait: FIRST_WAIT,
        }
    }

    pub(super) const fn session(&self) -> &VoiceSession {
        &self.session
    }

    pub(super) fn turn(&mut self, turn: Turn) {
        let change = VoiceTurn {
            voice_session_id: self.session.id,
            index: turn.index,
            role: turn.speaker.as_str().to_owned(),
            at: turn.at,
            heard_ms: turn.heard_ms,
        };
        let entry = self.voice.entry(&self.session, Change::VoiceTurn(change));
        self.turns.push(NewTurn { turn, entry });
    }

    /// What was used since the last time is charged to the user.
    pub(super) fn meter(&mut self, usage: Usage) {
        let used = usage.since(self.usage);
        self.voice.charge(&self.session, used);
        self.usage = usage;
        self.is_metered = false;
    }

    /// Goes on writing. Ready when everything is stored.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<()> {
        loop {
            match &mut self.state {
                State::Idle if self.turns.is_empty() && self.is_metered => return Poll::Ready(()),
                State::Idle => self.state = State::Writing(self.write()),
                State::Writing(writing) => {
                    let (append, written) = std::task::ready!(writing.as_mut().poll(context));
                    self.state = self.after(append, written);
                }
                State::Waiting(waiting) => {
                    std::task::ready!(waiting.as_mut().poll(context));
                    self.state = State::Idle;
                }
            }
        }
    }

    fn write(&mut self) -> BoxFuture<'static, (Append, PortResult<()>)> {
        self.is_metered = true;
        let append = Append {
            id: self.session.id,
            user: self.session.user,
            turns: std::mem::take(&mut self.turns),
            usage: self.usage,
            cost_micros: self
                .voice
                .rules
                .prices
                .map(|prices| prices.cost_micros(&self.usage)),
            at: self.voice.ports.clock.now(),
        };
        let store = self.voice.ports.store.clone();
        Box::pin(async move {
            let written = store.append(&append).await;
            (append, written)
        })
    }

    fn after(&mut self, append: Append, written: PortResult<()>) -> State {
        let Err(error) = written else {
            self.wait = FIRST_WAIT;
            return State::Idle;
        };
        if is_erased(error.fault()) {
            tracing::info!(voice_session_id = %self.session.id, "an erased conversation is not kept");
            return State::Idle;
        }
        tracing::warn!(voice_session_id = %self.session.id, turns = append.turns.len(),
            error = &error as &dyn std::error::Error, "turns could not be stored, trying again");
        self.turns.splice(0..0, append.turns);
        self.is_metered = false;
        let (timer, wait) = (self.voice.ports.timer.clone(), self.wait);
        self.wait = (2 * wait).min(LONGEST_WAIT);
        State::Waiting(Box::pin(async move { timer.sleep(wait).await }))
    }
}

/// Whether a conversation, or its user, was erased while it went on: what comes must not be kept.
pub(crate) const fn is_erased(fault: Fault) -> bool {
    matches!(fault, Fault::Gone | Fault::Dangling)
}
