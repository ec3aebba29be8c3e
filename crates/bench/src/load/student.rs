//! One student, from the first picture to the last.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use database::Past;
use kernel::{Ids, LearningEventId, Timestamp, UserId, Zone, local_date};
use ledger::{Actor, Change, Entry, HelpCounted, SessionEnded};
use objects::ObjectKey;
use sessions::{Bookmark, ContentAnalysis, LearningEvent, NewLearningEvent, Session};
use testkit::SeededBits;
use topics::{
    Attention, HelpCount, Observation, Rules, SeenTopic, StoredTimeline, Timeline, TopicName,
};

use super::Size;
use super::day::{self, PICTURES, STEP};

/// Topics, each with as many subtopics.
const TOPICS: [(&str, [&str; 4]); 5] = [
    ("Bio", ["Photosynthesis", "Cells", "Genetics", "Evolution"]),
    ("Math", ["Derivatives", "Integrals", "Vectors", "Sequences"]),
    ("English", ["Essay", "Poetry", "Grammar", "Reading"]),
    ("Chem", ["Acids", "Thermochemistry", "Bonds", "Rates"]),
    ("Physics", ["Waves", "Forces", "Circuits", "Optics"]),
];
/// Pictures until the page is turned to another topic.
const PICTURES_OF_A_TOPIC: u64 = 25;
/// Each so many pictures one is bookmarked.
const BOOKMARKED: u64 = 50;
const TEXT: &str = "Light reactions take place in the thylakoid membranes: water is split, oxygen \
    is set free, and the energy of light is kept as ATP and NADPH for the Calvin cycle.";

/// What the name is of the student with this number.
pub(crate) fn name(number: u64) -> String {
    format!("student-{number}")
}

/// A student and what they have done so far.
pub(crate) struct Student {
    number: u64,
    sittings: u64,
    until: DateTime<Utc>,
    bits: SeededBits,
    past: Past,
    topics: BTreeMap<(TopicName, String), Timestamp>,
}

impl Student {
    /// The student with this number, before the first picture. All have as many pictures, as far
    /// as that goes up.
    pub(crate) fn of(number: u64, size: Size, until: DateTime<Utc>) -> Self {
        let user = UserId::from_name(&name(number));
        let pictures = size.events / size.users.max(1);
        Self {
            number,
            sittings: day::sittings(pictures),
            until,
            bits: SeededBits::new(size.seed.wrapping_mul(1 << 40) + (number << 20)),
            past: Past {
                user,
                zone: Zone::UTC,
                sessions: Vec::new(),
                events: Vec::new(),
                bookmarks: Vec::new(),
                entries: Vec::new(),
                timelines: Vec::new(),
                topics: Vec::new(),
                help: Vec::new(),
            },
            topics: BTreeMap::new(),
        }
        .studying(pictures)
    }

    /// Everything they did.
    pub(crate) fn past(mut self) -> Past {
        let user_topics = std::mem::take(&mut self.topics);
        self.past.topics = user_topics
            .into_iter()
            .map(|((topic, subtopic), at)| SeenTopic {
                topic,
                subtopic: Some(subtopic),
                at,
            })
            .collect();
        self.past
    }

    fn studying(mut self, pictures: u64) -> Self {
        for sitting in 0..self.sittings {
            let left = pictures - sitting * PICTURES;
            self.sit(sitting, left.min(PICTURES));
        }
        self
    }

    fn sit(&mut self, sitting: u64, pictures: u64) {
        let begin = day::begin(sitting, self.sittings, self.until);
        let id = self.bits.next(begin).into();
        let mut session = Session::start(id, self.past.user, begin, Zone::UTC);
        let mut timeline = Timeline::new(session.zone);
        for picture in 0..pictures {
            let new = self.look(&session, sitting, picture);
            let entries = new.entries();
            if picture == 0 {
                self.past.entries.push(entries.session);
            }
            self.past.entries.push(entries.event);
            session.last_activity_at = new.event.active_at();
            // Pictures come in the order in which they were taken.
            timeline
                .observe(Rules::default(), observation(&new.event))
                .ok();
            self.keep(new.event, picture);
        }
        self.ask_for_help(&session);
        self.end(&session, timeline);
    }

    fn look(&self, session: &Session, sitting: u64, picture: u64) -> NewLearningEvent {
        let at = session.started_at + STEP * i32::try_from(picture).unwrap_or_default();
        let id: LearningEventId = self.bits.next(at).into();
        let turn = self.number + sitting + picture / PICTURES_OF_A_TOPIC;
        let (topic, subtopics) = TOPICS[usize::try_from(turn).unwrap_or_default() % TOPICS.len()];
        let subtopic = subtopics[usize::try_from(sitting).unwrap_or_default() % subtopics.len()];
        let content = ContentAnalysis {
            is_studying: true,
            is_active: !picture.is_multiple_of(3),
            is_distracted: picture % 20 == 7,
            topic: Some(topic.to_owned()),
            subtopic: Some(subtopic.to_owned()),
            extracted_text: TEXT.to_owned(),
        };
        let event = LearningEvent {
            id,
            session: session.id,
            user: session.user,
            object: ObjectKey::upload(session.user, at, id.uuid(), "jpg"),
            captured_at: at,
            received_at: at + TimeDelta::seconds(1),
            content,
            topic: TopicName::stored(topic),
            model: "load".to_owned(),
            reused: false,
            text_disputed: false,
        };
        NewLearningEvent {
            event,
            entry_id: self.bits.next(at).into(),
            session: session.clone(),
            session_entry_id: self.bits.next(at).into(),
        }
    }

    fn keep(&mut self, event: LearningEvent, picture: u64) {
        let subtopic = event.content.subtopic.clone().unwrap_or_default();
        let seen = self.topics.entry((event.topic.clone(), subtopic));
        seen.insert_entry(event.captured_at);
        if picture.is_multiple_of(BOOKMARKED) {
            self.bookmark(&event);
        }
        self.past.events.push(event);
    }

    fn bookmark(&mut self, event: &LearningEvent) {
        let bookmark = Bookmark {
            id: self.bits.next(event.received_at).into(),
            user: event.user,
            event: event.id,
            session: event.session,
            note: None,
            created_at: event.received_at,
            updated_at: event.received_at,
        };
        let change = Change::BookmarkAdded(ledger::BookmarkAdded {
            bookmark_id: bookmark.id,
            learning_event_id: event.id,
            note: None,
        });
        self.tell(event.received_at, Actor::User, change);
        self.past.bookmarks.push(bookmark);
    }

    /// Once a sitting, at its end.
    fn ask_for_help(&mut self, session: &Session) {
        let at = session.last_activity_at;
        let topic = TopicName::stored(TOPICS[0].0);
        let change = Change::HelpCounted(HelpCounted {
            help_request_id: self.bits.next(at).into(),
            session_id: Some(session.id),
            topic: topic.as_str().to_owned(),
        });
        self.tell(at, Actor::User, change);
        let date = local_date(at, session.zone);
        match self.past.help.last_mut() {
            Some(last) if last.date == date => last.count += 1,
            _ => self.past.help.push(HelpCount {
                date,
                topic,
                count: 1,
            }),
        }
    }

    fn end(&mut self, session: &Session, mut timeline: Timeline) {
        let at = session.last_activity_at + STEP;
        timeline.close(Rules::default(), at);
        let change = Change::SessionEnded(SessionEnded {
            session_id: session.id,
            ended_at: at,
        });
        self.tell(at, Actor::User, change);
        self.past.timelines.push(StoredTimeline {
            session: session.id,
            timeline,
            ended_at: Some(at),
        });
        self.past.sessions.extend(session.end(at));
    }

    fn tell(&mut self, at: Timestamp, actor: Actor, change: Change) {
        self.past.entries.push(Entry {
            id: self.bits.next(at).into(),
            user: self.past.user,
            actor,
            device_time: None,
            server_time: at,
            zone: Zone::UTC,
            change,
        });
    }
}

fn observation(event: &LearningEvent) -> Observation {
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
