//! The loop: whatever is ready goes into the relay, whatever comes out is done.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, Stream};
use kernel::Timestamp;

use crate::client::ClientLink;
use crate::model::{ConnectError, ModelLink};
use crate::relay::{Effect, Event, Farewell, Relay, RelaySetup, Waiting};
use crate::talk::begin::Begun;
use crate::talk::writer::Writer;
use crate::voice::{Stopping, Voice};
use crate::{ContextSubscription, Place, Recording};

/// Rounds in one go before other tasks get their turn.
const ROUNDS: usize = 32;
/// No timer is set shorter.
const SHORTEST: Duration = Duration::from_millis(1);

type Source = fn(&mut Talk, &mut Context<'_>) -> Poll<Event>;

const SOURCES: [Source; 6] = [
    Talk::poll_stopping,
    Talk::poll_model,
    Talk::poll_client,
    Talk::poll_feed,
    Talk::poll_jobs,
    Talk::poll_alarm,
];

/// One conversation under way.
pub(super) struct Talk {
    pub(super) voice: Voice,
    pub(super) relay: Relay,
    pub(super) begun: Parts,
    pub(super) client: Box<dyn ClientLink>,
    pub(super) model: ModelSide,
    /// Sessions that were left and say good-bye.
    pub(super) leaving: Option<Box<dyn ModelLink>>,
    /// Tools and look-ups that run.
    pub(super) jobs: FuturesUnordered<BoxFuture<'static, Event>>,
    pub(super) writer: Option<Writer>,
    pub(super) farewell: Option<Farewell>,
    effects: Vec<Effect>,
    alarm: Option<(Timestamp, BoxFuture<'static, ()>)>,
    stopping: Option<Stopping>,
}

/// What a conversation holds on to.
pub(super) struct Parts {
    pub(super) user: kernel::UserId,
    pub(super) session: kernel::SessionId,
    pub(super) model: std::sync::Arc<dyn crate::model::RealtimeModel>,
    pub(super) feed: Option<Box<dyn ContextSubscription>>,
    pub(super) recording: Option<Box<dyn Recording>>,
    _place: Place,
}

type Connecting = BoxFuture<'static, Result<Box<dyn ModelLink>, ConnectError>>;

/// Where the model's link stands.
pub(super) enum ModelSide {
    None,
    Connecting(Connecting),
    Open(Box<dyn ModelLink>),
}

impl Talk {
    pub(super) fn new(voice: Voice, begun: Begun, client: Box<dyn ClientLink>) -> Self {
        let Begun {
            session,
            model,
            start,
            ends_at,
            seen,
            feed,
            recording,
            place,
        } = begun;
        let tools = voice.ports.desk.tools();
        let setup = RelaySetup {
            id: session.id,
            start,
            tools,
            seen,
            ends_at,
        };
        let relay = Relay::new(setup, voice.rules.clone(), session.started_at);
        let (user, study) = (session.user, session.session);
        let begun = Parts {
            user,
            session: study,
            model,
            feed,
            recording,
            _place: place,
        };
        Self {
            relay,
            begun,
            client,
            model: ModelSide::None,
            leaving: None,
            jobs: FuturesUnordered::new(),
            writer: Some(Writer::new(voice.clone(), session)),
            farewell: None,
            effects: Vec::new(),
            alarm: None,
            stopping: Some(voice.stopping.clone()),
            voice,
        }
    }

    /// Ready when the conversation is over. Each side has its turn in each round, so that a talkative
    /// one does not keep the others waiting.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Farewell> {
        for _ in 0..ROUNDS {
            let moved = self.round(context);
            if let Some(farewell) = self.farewell.take() {
                return Poll::Ready(farewell);
            }
            if !moved {
                return Poll::Pending;
            }
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }

    /// Takes at most one event of each source; whether there was any.
    fn round(&mut self, context: &mut Context<'_>) -> bool {
        let mut moved = false;
        for source in SOURCES {
            if let Poll::Ready(event) = source(self, context) {
                self.handle(event);
                moved = true;
            }
        }
        self.poll_behind(context);
        moved
    }

    fn handle(&mut self, event: Event) {
        let now = self.voice.ports.clock.now();
        let waiting = self.waiting();
        let mut effects = std::mem::take(&mut self.effects);
        self.relay.handle(now, waiting, event, &mut effects);
        for effect in effects.drain(..) {
            self.perform(effect);
        }
        self.effects = effects;
    }

    pub(super) fn waiting(&self) -> Waiting {
        let model = match &self.model {
            ModelSide::Open(link) => link.waiting(),
            ModelSide::None | ModelSide::Connecting(_) => 0,
        };
        let client_audio = self.client.waiting_audio();
        Waiting {
            model,
            client_audio,
        }
    }

    fn poll_client(&mut self, context: &mut Context<'_>) -> Poll<Event> {
        self.client.poll_event(context).map(|event| match event {
            Ok(event) => Event::Client(event),
            Err(gone) => Event::ClientGone(gone),
        })
    }

    fn poll_model(&mut self, context: &mut Context<'_>) -> Poll<Event> {
        match &mut self.model {
            ModelSide::None => Poll::Pending,
            ModelSide::Connecting(attempt) => {
                let connected = std::task::ready!(attempt.as_mut().poll(context));
                let (side, event) = match connected {
                    Ok(link) => (ModelSide::Open(link), Event::ModelOpened),
                    Err(error) => (ModelSide::None, Event::ModelRefused(error)),
                };
                self.model = side;
                Poll::Ready(event)
            }
            ModelSide::Open(link) => match std::task::ready!(link.poll_event(context)) {
                Ok(event) => Poll::Ready(Event::Model(event)),
                Err(lost) => {
                    self.model = ModelSide::None;
                    Poll::Ready(Event::ModelLost(lost))
                }
            },
        }
    }

    fn poll_feed(&mut self, context: &mut Context<'_>) -> Poll<Event> {
        match &mut self.begun.feed {
            Some(feed) => feed.poll_next(context).map(Event::Seen),
            None => Poll::Pending,
        }
    }

    fn poll_jobs(&mut self, context: &mut Context<'_>) -> Poll<Event> {
        match Pin::new(&mut self.jobs).poll_next(context) {
            Poll::Ready(Some(event)) => Poll::Ready(event),
            Poll::Ready(None) | Poll::Pending => Poll::Pending,
        }
    }

    fn poll_stopping(&mut self, context: &mut Context<'_>) -> Poll<Event> {
        let Some(stopping) = &mut self.stopping else {
            return Poll::Pending;
        };
        let stopped = std::task::ready!(Pin::new(stopping).poll(context));
        self.stopping = None;
        match stopped {
            Ok(()) => Poll::Ready(Event::ShutDown),
            // The facade is gone and cannot shut anything down any more.
            Err(_) => Poll::Pending,
        }
    }

    /// One timer runs as long as nothing is due earlier: a deadline that moves on, as most do with
    /// every frame, costs no new one.
    fn poll_alarm(&mut self, context: &mut Context<'_>) -> Poll<Event> {
        let due = self.relay.next_deadline();
        if self.alarm.as_ref().is_none_or(|(at, _)| *at > due) {
            let left = due - self.voice.ports.clock.now();
            let left = left.to_std().unwrap_or_default().max(SHORTEST);
            let timer = self.voice.ports.timer.clone();
            self.alarm = Some((due, Box::pin(async move { timer.sleep(left).await })));
        }
        if let Some((_, alarm)) = &mut self.alarm {
            std::task::ready!(alarm.as_mut().poll(context));
            self.alarm = None;
        }
        Poll::Ready(Event::Tick)
    }

    /// What goes on without bringing events.
    fn poll_behind(&mut self, context: &mut Context<'_>) {
        if let Some(writer) = &mut self.writer {
            // Whether it is done is asked at the end.
            let _ = writer.poll(context);
        }
        if let Some(leaving) = &mut self.leaving
            && leaving.poll_closed(context).is_ready()
        {
            self.leaving = None;
        }
    }
}
