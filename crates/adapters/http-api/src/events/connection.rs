//! One socket.

use std::future::{pending, poll_fn};
use std::net::IpAddr;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use kernel::UserId;
use ledger::{FollowError, Follower, Position, Recorded};
use serde_json::Value;
use sessions::SessionError;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, timeout};
use trace_context::TraceParent;
use tracing::{Instrument, Span};

use super::feed::{EventFeed, EventLimits};
use super::jobs::FollowedJobs;
use super::seats::Seat;
use super::subscriptions::Subscriptions;
use super::topic::Topic;
use super::wire::{self, Complaint, Ending, Heard};
use crate::state::Shared;
use crate::voice::{Access, Refused, SPEAK_WITHIN, Visitor, sign_in};

/// Who wants to hear events, and from where.
pub(crate) struct Guest {
    /// Who it is, as far as the upgrade told.
    pub(crate) visitor: Visitor,
    /// The network of the address.
    pub(crate) network: Option<IpAddr>,
}

/// Tells events until one of both sides closes.
pub(crate) async fn serve(state: Shared, guest: Guest, socket: WebSocket) {
    let mut connection = Wire {
        socket,
        limits: *state.events.limits(),
    };
    let gauge = metrics::gauge!("events_sockets");
    gauge.increment(1.0);
    let ending = received(&state, guest, &mut connection).await;
    gauge.decrement(1.0);
    let (_, reason) = ending.told();
    metrics::counter!("events_sockets_total", "reason" => reason).increment(1);
    tracing::debug!(reason, "a socket for events has closed");
    connection.close(ending).await;
}

async fn received(state: &Shared, guest: Guest, wire: &mut Wire) -> Ending {
    let feed = &state.events;
    let address = guest.network.map(|network| feed.seat_of_address(network));
    if matches!(address, Some(None)) {
        return Ending::TooMany;
    }
    let (user, access) = match admit(state, guest.visitor, wire).await {
        Ok(admitted) => admitted,
        Err(ending) => return ending,
    };
    match Listener::new(state, user, access) {
        Some(listener) => listener.listen(wire).await,
        None => Ending::TooMany,
    }
}

async fn admit(
    state: &Shared,
    visitor: Visitor,
    wire: &mut Wire,
) -> Result<(UserId, Option<Access>), Ending> {
    match visitor {
        Visitor::Named(user) => Ok((user, None)),
        Visitor::Member { token, caller } => {
            let access = Access::new(state.clone(), token, &caller);
            Ok((caller.user, Some(access)))
        }
        Visitor::Unknown => {
            let heard = timeout(SPEAK_WITHIN, wire.hear()).await;
            match heard.map_err(|_| Ending::Unauthenticated)?? {
                Heard::Auth(token) => entered(state, token).await,
                _ => Err(Ending::Unauthenticated),
            }
        }
    }
}

async fn entered(state: &Shared, token: String) -> Result<(UserId, Option<Access>), Ending> {
    match sign_in(state, token).await {
        Ok((user, access)) => Ok((user, Some(access))),
        Err(Refused::Unauthenticated) => Err(Ending::Unauthenticated),
        Err(Refused::NotKnown) => Err(Ending::Internal),
    }
}

/// The socket and how long its client may take.
struct Wire {
    socket: WebSocket,
    limits: EventLimits,
}

impl Wire {
    /// Bounded: a message waits for the one before, and a client that takes none is cut off.
    async fn send(&mut self, message: &Value) -> Result<(), Ending> {
        let text = Message::Text(message.to_string().into());
        match timeout(self.limits.stall, self.socket.send(text)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Ending::Gone),
            Err(_) => Err(Ending::Slow),
        }
    }

    /// The next message; may be dropped before it is ready.
    async fn hear(&mut self) -> Result<Heard, Ending> {
        match self.socket.recv().await {
            Some(Ok(Message::Text(text))) => Ok(wire::read(&text)),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(Heard::Pong),
            Some(Ok(Message::Binary(_))) => Ok(Heard::Bad(Complaint::BadMessage)),
            Some(Ok(Message::Close(_)) | Err(_)) | None => Err(Ending::Gone),
        }
    }

    async fn close(mut self, ending: Ending) {
        if matches!(ending, Ending::Gone | Ending::Slow) {
            return;
        }
        let (code, reason) = ending.told();
        let reason = reason.into();
        let close = Message::Close(Some(CloseFrame { code, reason }));
        let told = async {
            self.send(&wire::ending(ending)).await?;
            let closed = self.socket.send(close).await;
            closed.map_err(|_| Ending::Gone)?;
            // Its own close comes last: a socket dropped before that is reset.
            while self.hear().await.is_ok() {}
            Ok::<(), Ending>(())
        };
        if timeout(SPEAK_WITHIN, told).await.is_err() {
            tracing::debug!("a client did not say good-bye");
        }
    }
}

/// A client that is known.
struct Listener {
    state: Shared,
    feed: EventFeed,
    user: UserId,
    access: Option<Access>,
    follower: Follower,
    followed: Subscriptions,
    jobs: FollowedJobs,
    beat: Interval,
    last_heard: Instant,
    _seat: Seat<UserId>,
}

/// What comes next.
enum Turn {
    Heard(Heard),
    Entries(Result<Vec<Recorded>, FollowError>),
    Beat,
    End(Ending),
}

impl Listener {
    /// `None` if the user has as many sockets as they may.
    fn new(state: &Shared, user: UserId, access: Option<Access>) -> Option<Self> {
        let feed = state.events.clone();
        let every = feed.limits().beat_every;
        let mut beat = interval_at(Instant::now() + every, every);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Some(Self {
            state: state.clone(),
            user,
            access,
            follower: feed.follow(user),
            followed: Subscriptions::default(),
            jobs: FollowedJobs::default(),
            beat,
            last_heard: Instant::now(),
            _seat: feed.seat_of_user(user)?,
            feed,
        })
    }

    async fn listen(mut self, wire: &mut Wire) -> Ending {
        match self.talk(wire).await {
            Ok(never) => match never {},
            Err(ending) => ending,
        }
    }

    async fn talk(&mut self, wire: &mut Wire) -> Result<std::convert::Infallible, Ending> {
        wire.send(&wire::ready()).await?;
        loop {
            match self.next(wire).await {
                Turn::Heard(heard) => self.answer(heard, wire).await?,
                Turn::Entries(entries) => self.tell(entries, wire).await?,
                Turn::Beat => self.ask_for_life(wire).await?,
                Turn::End(ending) => return Err(ending),
            }
        }
    }

    async fn next(&mut self, wire: &mut Wire) -> Turn {
        let access = &mut self.access;
        let ended = poll_fn(|context| match access {
            Some(access) => access.poll_ended(context),
            None => std::task::Poll::Pending,
        });
        let follower = &mut self.follower;
        let is_idle = self.followed.is_empty();
        let entries = async {
            if is_idle {
                pending().await
            } else {
                follower.next().await
            }
        };
        tokio::select! {
            () = self.feed.stopped() => Turn::End(Ending::GoingAway),
            () = ended => Turn::End(Ending::Unauthenticated),
            heard = wire.hear() => heard.map_or_else(Turn::End, Turn::Heard),
            entries = entries => Turn::Entries(entries),
            _ = self.beat.tick() => Turn::Beat,
        }
    }

    async fn ask_for_life(&mut self, wire: &mut Wire) -> Result<(), Ending> {
        if self.last_heard.elapsed() > self.feed.limits().silence {
            return Err(Ending::Dead);
        }
        wire.send(&wire::ping()).await
    }

    async fn answer(&mut self, heard: Heard, wire: &mut Wire) -> Result<(), Ending> {
        self.last_heard = Instant::now();
        match heard {
            Heard::Ping => wire.send(&wire::pong()).await,
            Heard::Pong => Ok(()),
            Heard::Auth(token) => self.renew(token, wire).await,
            Heard::Bad(complaint) => wire.send(&wire::complaint(complaint, None)).await,
            Heard::Subscribe(topic, since) => match self.subscribe(topic, since).await? {
                Ok(after) => {
                    wire.send(&wire::subscribed(topic, after.number())).await?;
                    self.tell_jobs(wire).await
                }
                Err(complaint) => wire.send(&wire::complaint(complaint, Some(topic))).await,
            },
            Heard::Unsubscribe(topic) => {
                self.followed.remove(topic);
                if let Topic::Job(id) = topic {
                    self.jobs.remove(id);
                }
                wire.send(&wire::unsubscribed(topic)).await
            }
        }
    }

    /// Another token of the same user; in open mode, somebody else may come in.
    async fn renew(&mut self, token: String, wire: &mut Wire) -> Result<(), Ending> {
        if let Some(access) = &mut self.access {
            access.renew(token);
            return Ok(());
        }
        let (user, access) = entered(&self.state, token).await?;
        *self = Self::new(&self.state, user, access).ok_or(Ending::TooMany)?;
        wire.send(&wire::ready()).await
    }

    /// The place after which the topic is followed.
    async fn subscribe(
        &mut self,
        topic: Topic,
        since: Option<i64>,
    ) -> Result<Result<Position, Complaint>, Ending> {
        let is_full = self.followed.len() >= self.feed.limits().topics;
        if is_full && !self.followed.contains(topic) {
            return Ok(Err(Complaint::TooManyTopics));
        }
        if let Some(missing) = self.missing(topic).await? {
            return Ok(Err(missing));
        }
        let head = self.feed.ledger().head(self.user).await.map_err(fault)?;
        let after = since.map_or(head, Position::new);
        if after > head {
            return Ok(Err(Complaint::CursorAhead));
        }
        if self.followed.is_empty() || after < self.follower.position() {
            self.follower.move_to(after);
        }
        self.followed.add(topic, after);
        if let Topic::Job(id) = topic {
            self.jobs.add(id);
        }
        Ok(Ok(after))
    }

    /// What is not the user's is not there.
    async fn missing(&mut self, topic: Topic) -> Result<Option<Complaint>, Ending> {
        match topic {
            Topic::User => Ok(None),
            Topic::Session(id) => match self.state.sessions.get(self.user, id).await {
                Ok(_) => Ok(None),
                Err(SessionError::NotFound) => Ok(Some(Complaint::SessionNotFound)),
                Err(error) => Err(fault(error)),
            },
            Topic::Job(id) => {
                let job = self.state.later.find(self.user, id).await.map_err(fault)?;
                Ok(job.is_none().then_some(Complaint::JobNotFound))
            }
        }
    }

    async fn tell(
        &mut self,
        entries: Result<Vec<Recorded>, FollowError>,
        wire: &mut Wire,
    ) -> Result<(), Ending> {
        let entries = match entries {
            Ok(entries) => entries,
            Err(FollowError::NoSuchPosition) => return Err(Ending::CursorAhead),
            Err(FollowError::Port(error)) => return Err(fault(error)),
        };
        for recorded in &entries {
            let topics = self.followed.told(recorded);
            if topics.is_empty() {
                continue;
            }
            let event = wire::event(recorded, &topics).map_err(fault)?;
            wire.send(&event).await?;
            metrics::counter!("events_sent_total").increment(1);
        }
        self.tell_jobs(wire).await
    }

    async fn tell_jobs(&mut self, wire: &mut Wire) -> Result<(), Ending> {
        let news = self.jobs.news(self.user, &self.state.later).await;
        for (message, trace) in news.map_err(fault)? {
            wire.send(&message).instrument(told(trace.as_ref())).await?;
        }
        Ok(())
    }
}

/// The work that a message is about goes on in its own trace, not in that of the socket.
fn told(trace: Option<&TraceParent>) -> Span {
    let Some(trace) = trace else {
        return Span::none();
    };
    let span = tracing::info_span!(parent: None, "tell a socket", otel.kind = "producer");
    trace_context::adopt(&span, trace);
    span
}

/// The client may come again and go on where it was.
fn fault(error: impl std::error::Error + 'static) -> Ending {
    tracing::warn!(
        error = &error as &dyn std::error::Error,
        "events cannot be told"
    );
    Ending::Internal
}
