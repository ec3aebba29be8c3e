//! A number served equals the fold over the stored events: whatever the order in which they
//! arrive, whoever folds them, wherever it stops and goes on, on days when the clock changes.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::TimeDelta;
use database::Database;
use kernel::{Date, SessionId, Timestamp, UserId, Zone};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use sessions::{EventStore, LearningEvent, Session, SessionState, SessionStore};
use testkit::FixedClock;
use tokio::runtime::Runtime;
use topics::{Attention, Observation, Rules, Stats, Timeline, TopicName, Topics};

use crate::backend::Backend;
use crate::given::Given;

/// Local midnights near which a clock changes: both changes in Berlin, both in New York, and one
/// day without.
const NIGHTS: [&str; 5] = [
    "2026-03-28T23:00:00Z",
    "2026-10-24T22:00:00Z",
    "2026-03-08T05:00:00Z",
    "2026-11-01T04:00:00Z",
    "2026-06-10T00:00:00Z",
];
const SESSIONS: usize = 3;

#[derive(Debug, Clone)]
enum Step {
    /// An image of a session arrives, captured so many seconds from the night.
    See(usize, Sight),
    /// One that arrived before arrives again.
    Repeat(prop::sample::Index),
    /// A session ends.
    End(usize, i64),
    /// The process stops, and another one goes on.
    Restart,
    /// Everything is read and compared, by two replicas at once.
    Read,
    /// One replica drops what is derived and folds it again.
    Rebuild,
}

#[derive(Debug, Clone)]
struct Sight {
    second: i64,
    topic: &'static str,
    attention: Attention,
}

#[derive(Debug, Clone)]
struct Case {
    night: usize,
    zones: [Zone; SESSIONS],
    now: i64,
    steps: Vec<Step>,
}

#[test]
fn stats_served_are_the_fold_over_the_stored_events_on_sqlite() {
    check(&Runtime::new().unwrap(), Backend::sqlite(), 48);
}

#[test]
fn stats_served_are_the_fold_over_the_stored_events_on_postgres() {
    check(&Runtime::new().unwrap(), Backend::postgres(), 24);
}

fn check(runtime: &Runtime, backend: impl Future<Output = Backend>, cases: u32) {
    let backend = runtime.block_on(backend);
    let given = Given::new();
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 400,
        ..Config::default()
    };
    TestRunner::new(config)
        .run(&case(), |case| {
            runtime.block_on(play(&backend, &given, &case));
            Ok(())
        })
        .unwrap();
}

async fn play(backend: &Backend, given: &Given, case: &Case) {
    let mut world = World::new(backend, given, case).await;
    for step in &case.steps {
        world.take(step).await;
    }
    world.take(&Step::Read).await;
    world.take(&Step::Rebuild).await;
    world.take(&Step::Read).await;
}

/// What should be stored, beside what is.
struct World<'a> {
    backend: &'a Backend,
    given: &'a Given,
    night: Timestamp,
    now: Timestamp,
    user: UserId,
    sessions: Vec<Session>,
    ends: BTreeMap<SessionId, Timestamp>,
    arrived: Vec<sessions::NewLearningEvent>,
    replicas: [Replica; 2],
}

struct Replica {
    database: Database,
    topics: Topics,
}

impl<'a> World<'a> {
    async fn new(backend: &'a Backend, given: &'a Given, case: &Case) -> Self {
        let user = given.id().into();
        let night: Timestamp = NIGHTS[case.night].parse().unwrap();
        let now = night + TimeDelta::seconds(case.now);
        let sessions: Vec<_> = case
            .zones
            .map(|zone| given.session_at(user, night, zone))
            .into();
        for session in &sessions {
            backend
                .start(session, &given.started(session))
                .await
                .unwrap();
        }
        Self {
            backend,
            given,
            night,
            now,
            user,
            sessions,
            ends: BTreeMap::new(),
            arrived: Vec::new(),
            replicas: [replica(backend, now).await, replica(backend, now).await],
        }
    }

    async fn take(&mut self, step: &Step) {
        match step {
            Step::See(session, sight) => self.see(*session, sight).await,
            Step::Repeat(which) if !self.arrived.is_empty() => {
                let again = which.get(&self.arrived).clone();
                self.record(&again).await;
            }
            Step::Repeat(_) => {}
            Step::End(session, second) => self.end(*session, *second).await,
            Step::Restart => self.replicas[0] = replica(self.backend, self.now).await,
            Step::Read => self.read().await,
            Step::Rebuild => {
                let topics = &self.replicas[1].topics;
                topics.rebuild(self.user).await.unwrap();
            }
        }
    }

    async fn see(&mut self, session: usize, sight: &Sight) {
        let captured_at = self.night + TimeDelta::seconds(sight.second);
        let mut new = self.given.event(&self.sessions[session], captured_at);
        new.event.topic = TopicName::stored(sight.topic);
        new.event.content.is_active = sight.attention.is_active;
        new.event.content.is_distracted = sight.attention.is_distracted;
        self.record(&new).await;
        self.arrived.push(new);
    }

    async fn record(&self, new: &sessions::NewLearningEvent) {
        let database = &self.replicas[0].database;
        database.record(new, &new.entries()).await.unwrap();
    }

    async fn end(&mut self, session: usize, second: i64) {
        let database = &self.replicas[0].database;
        let read = SessionStore::find(database, self.user, self.sessions[session].id).await;
        let session = Session {
            state: SessionState::Active,
            ..read.unwrap().unwrap()
        };
        let ended = session
            .end(self.night + TimeDelta::seconds(second))
            .unwrap();
        database
            .end(&ended, &self.given.ended(&ended))
            .await
            .unwrap();
        self.ends
            .entry(session.id)
            .or_insert(ended.ended_at().unwrap());
    }

    async fn read(&self) {
        let [first, second] = &self.replicas;
        tokio::join!(self.compare(&first.topics), self.compare(&second.topics));
    }

    async fn compare(&self, topics: &Topics) {
        let mut all = Stats::default();
        for session in &self.sessions {
            let expected = self.fold(session);
            let served = topics.session(self.user, session.id).await.unwrap();
            assert_eq!(served, expected, "session {}", session.zone);
            all.merge(&expected);
        }
        for date in self.dates() {
            let served = topics.daily(self.user, date).await.unwrap();
            assert_eq!(served.stats, all.between(date, date), "{date}");
        }
        let week = topics
            .weekly(self.user, self.night.date_naive())
            .await
            .unwrap();
        for day in week.days {
            assert_eq!(day.stats, all.between(day.date, day.date), "{}", day.date);
        }
    }

    /// The plain fold; what was captured after the end counts at the end.
    fn fold(&self, session: &Session) -> Stats {
        let end = self.ends.get(&session.id).copied();
        let events = self.arrived.iter().map(|new| observation(&new.event));
        let of_session = self
            .arrived
            .iter()
            .map(|new| new.event.session == session.id);
        let events = events
            .zip(of_session)
            .filter_map(|(event, ours)| ours.then_some(event));
        let events = events.map(|event| Observation {
            at: end.map_or(event.at, |end| event.at.min(end)),
            ..event
        });
        let mut timeline = Timeline::fold(session.zone, Rules::default(), events);
        if let Some(end) = end {
            timeline.close(Rules::default(), end);
        }
        timeline.stats(Rules::default(), self.now)
    }

    fn dates(&self) -> impl Iterator<Item = Date> {
        let first = self.night.date_naive() - TimeDelta::days(2);
        first.iter_days().take(5)
    }
}

async fn replica(backend: &Backend, now: Timestamp) -> Replica {
    let database = backend.again().await;
    let clock = FixedClock::at("2026-01-01T00:00:00Z");
    clock.set(now);
    let shared = Arc::new(database.clone());
    let topics = Topics::new(shared.clone(), shared, Arc::new(clock), Rules::default());
    Replica { database, topics }
}

/// What the fold needs of a stored event.
pub(crate) fn observation(event: &LearningEvent) -> Observation {
    Observation {
        id: event.id,
        at: event.captured_at,
        topic: event.topic.clone(),
        attention: Attention {
            is_active: event.content.is_active,
            is_distracted: event.content.is_distracted,
        },
    }
}

fn case() -> impl Strategy<Value = Case> {
    let zone = prop_oneof![
        Just(chrono_tz::Europe::Berlin),
        Just(chrono_tz::America::New_York)
    ];
    let zones = [zone.clone(), zone.clone(), zone];
    let steps = prop::collection::vec(step(), 1..40);
    let now = prop_oneof![second(), Just(200_000)];
    (0..NIGHTS.len(), zones, now, steps).prop_map(|(night, zones, now, steps)| Case {
        night,
        zones,
        now,
        steps,
    })
}

fn step() -> impl Strategy<Value = Step> {
    let session = 0..SESSIONS;
    prop_oneof![
        12 => (session.clone(), sight()).prop_map(|(session, sight)| Step::See(session, sight)),
        3 => any::<prop::sample::Index>().prop_map(Step::Repeat),
        1 => (session, second()).prop_map(|(session, second)| Step::End(session, second)),
        1 => Just(Step::Restart),
        3 => Just(Step::Read),
        1 => Just(Step::Rebuild),
    ]
}

fn sight() -> impl Strategy<Value = Sight> {
    let topic = prop::sample::select(&["Bio", "Math", "Unknown"][..]);
    (second(), topic, any::<(bool, bool)>()).prop_map(|(second, topic, attention)| Sight {
        second,
        topic,
        attention: Attention {
            is_active: attention.0,
            is_distracted: attention.1,
        },
    })
}

/// Close together around midnight and around the change of the clock, or anywhere near; the
/// same second often enough.
fn second() -> impl Strategy<Value = i64> {
    prop_oneof![
        -300_i64..300,
        3_500_i64..3_700,
        7_100_i64..7_300,
        10_700_i64..10_900,
        -90_000_i64..90_000
    ]
}
