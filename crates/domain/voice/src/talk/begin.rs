//! What has to be in order before a conversation begins.

use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use chrono::{NaiveTime, TimeDelta, TimeZone};
use futures_util::future::select;
use kernel::{PortError, Timestamp, UserId, Zone, local_date};
use ledger::{Change, VoiceStarted};

use crate::client::{ClientLink, ServerMessage, Start};
use crate::desk::{Seat, SeatError};
use crate::model::RealtimeModel;
use crate::voice::{TalkOutcome, Voice};
use crate::{
    ContextEntry, ContextSubscription, EndReason, Place, Recording, Refused, TalkState, Usage,
    VoiceError, VoiceOpening, VoiceSession,
};

/// Pictures looked through for the window: most frames of a quiet desk are alike.
const LOOK_BACK: u16 = 20;
/// How long a device may take to hear why.
const CLOSE_WITHIN: Duration = Duration::from_secs(5);

/// Everything a conversation has from its begin.
pub(crate) struct Begun {
    pub(crate) session: VoiceSession,
    pub(crate) model: Arc<dyn RealtimeModel>,
    pub(crate) start: Start,
    pub(crate) ends_at: Option<Timestamp>,
    pub(crate) seen: Vec<ContextEntry>,
    pub(crate) feed: Option<Box<dyn ContextSubscription>>,
    pub(crate) recording: Option<Box<dyn Recording>>,
    pub(crate) place: Place,
}

impl Voice {
    /// Checks, takes a place, stores the conversation. Only a stored conversation begins; what the
    /// tutor sees and the recording may be missing.
    pub(super) async fn begin(&self, user: UserId, start: Start) -> Result<Begun, VoiceError> {
        let setting = self.rules.missing_setting;
        let model = self
            .ports
            .model
            .clone()
            .ok_or(VoiceError::NotConfigured { setting })?;
        let seat = self
            .ports
            .desk
            .sit_down(user, start.session)
            .await
            .map_err(no_seat)?;
        let now = self.ports.clock.now();
        let ends_at = self.time_left(user, seat.zone, now).await?;
        self.admit(user).await?;
        let session = self.draft(user, seat, model.name(), now);
        let place = self.take_place(&session).await?;
        let feed = self.ports.feed.subscribe(user, seat.session).await;
        let seen = self.ports.desk.seen(user, seat.session, LOOK_BACK).await;
        let opening = self.opening(&session);
        self.ports.store.open(&opening).await.map_err(internal)?;
        let recording = self.ports.recordings.begin(session.id).await;
        Ok(Begun {
            model,
            ends_at,
            place,
            start: Start {
                session: Some(seat.session),
                ..start
            },
            seen: without(seen, "the desk cannot be read").unwrap_or_default(),
            feed: without(feed, "the desk cannot be followed"),
            recording: without(recording, "a conversation is not recorded"),
            session,
        })
    }

    fn draft(&self, user: UserId, seat: Seat, model: &str, now: Timestamp) -> VoiceSession {
        VoiceSession {
            id: self.ports.ids.next(now).into(),
            user,
            session: seat.session,
            started_at: now,
            zone: seat.zone,
            state: TalkState::Open { last_seen_at: now },
            model: model.to_owned(),
            usage: Usage::default(),
            cost_micros: self.rules.prices.map(|_| 0),
        }
    }

    fn opening(&self, session: &VoiceSession) -> VoiceOpening {
        let change = Change::VoiceStarted(VoiceStarted {
            voice_session_id: session.id,
            session_id: session.session,
            started_at: session.started_at,
        });
        let entry = self.entry(session, change);
        VoiceOpening {
            session: session.clone(),
            entry,
        }
    }

    /// When the user's minutes of today are used up.
    async fn time_left(
        &self,
        user: UserId,
        zone: Zone,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, VoiceError> {
        let minutes = self.rules.limits.minutes_a_day;
        if minutes == 0 {
            return Ok(None);
        }
        let talked = self.ports.store.talked(user, midnight(now, zone)).await;
        let left = TimeDelta::minutes(minutes.into()) - talked.map_err(internal)?;
        if left <= TimeDelta::zero() {
            return Err(VoiceError::DailyLimit { minutes });
        }
        Ok(Some(now + left))
    }

    async fn take_place(&self, session: &VoiceSession) -> Result<Place, VoiceError> {
        let limits = &self.rules.limits;
        let (user, id) = (session.user, session.id);
        let taken = self
            .ports
            .places
            .take(user, id, limits.per_user, limits.in_all);
        taken
            .await
            .map_err(internal)?
            .map_err(|refused| match refused {
                Refused::User => VoiceError::TooManySessions {
                    limit: limits.per_user,
                },
                Refused::Server => VoiceError::Busy,
            })
    }
}

/// Tells the device why there is no conversation.
pub(super) async fn refuse(
    voice: &Voice,
    mut client: Box<dyn ClientLink>,
    error: VoiceError,
) -> TalkOutcome {
    let reason = EndReason::error(&error);
    if let Some(code) = error.close_code() {
        let words = error.code();
        client.send(ServerMessage::Error(error));
        client.start_close(code, words);
        closed_in_time(voice, client.as_mut()).await;
    }
    TalkOutcome { id: None, reason }
}

/// Waits for the close, but not for ever.
pub(super) async fn closed_in_time(voice: &Voice, client: &mut dyn ClientLink) {
    let closed = poll_fn(|context| client.poll_closed(context));
    select(closed, voice.ports.timer.sleep(CLOSE_WITHIN)).await;
}

/// The day's first moment in `zone`; where the clock skips midnight, an hour later.
fn midnight(now: Timestamp, zone: Zone) -> Timestamp {
    let midnight = local_date(now, zone).and_time(NaiveTime::MIN);
    let at = |local| zone.from_local_datetime(&local).earliest();
    let first = at(midnight).or_else(|| at(midnight + TimeDelta::hours(1)));
    first.map_or(now, |first| first.to_utc())
}

fn no_seat(error: SeatError) -> VoiceError {
    match error {
        SeatError::NotFound => VoiceError::SessionNotFound,
        SeatError::Ended => VoiceError::SessionEnded,
        SeatError::Port(error) => internal(error),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn internal(error: PortError) -> VoiceError {
    tracing::error!(
        error = &error as &dyn std::error::Error,
        "no conversation can begin"
    );
    VoiceError::Internal
}

fn without<T>(result: Result<T, PortError>, what: &'static str) -> Option<T> {
    result
        .inspect_err(|error| tracing::warn!(error = error as &dyn std::error::Error, "{what}"))
        .ok()
}
