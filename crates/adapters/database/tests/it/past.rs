//! A past stored at once is the one that would have been stored bit by bit.

use kernel::Timestamp;
use ledger::{Ledger, Position};
use sessions::{EventStore, SessionStore, Stored};
use topics::{Observation, Rules, StatsReader, StoredTimeline, Timeline};

use crate::backend::Backend;
use crate::given::{Given, ada, all, at};

crate::on_both!(
    what_is_stored_at_once_is_read_as_it_was_given,
    of_somebody_who_has_a_log_nothing_is_stored,
);

async fn what_is_stored_at_once_is_read_as_it_was_given(db: Backend) {
    let given = Given::new();
    let past = past(&given);
    let (session, entries) = (past.sessions[0].clone(), past.entries.clone());
    let (event, timeline) = (past.events[0].clone(), past.timelines[0].clone());
    assert_eq!(db.store_past(past).await.unwrap(), Stored::New);

    let found = EventStore::find(&*db, ada(), event.id).await.unwrap();
    assert_eq!(found, Some(event));
    let found = SessionStore::find(&*db, ada(), session.id).await.unwrap();
    assert_eq!(found, Some(session.clone()));
    assert_eq!(db.count(ada(), session.id).await.unwrap(), 1);
    let stored = StatsReader::session(&*db, ada(), session.id).await;
    assert_eq!(stored.unwrap(), Some(timeline));
    let read = db.read(ada(), Position::START, 10).await.unwrap();
    let read: Vec<_> = read.into_iter().map(|recorded| recorded.entry).collect();
    assert_eq!(read, entries);
    assert_eq!(db.head(ada()).await.unwrap(), Position::new(2));
    let listed = EventStore::list(&*db, ada(), session.id, all()).await;
    assert_eq!(listed.unwrap().items.len(), 1);
}

async fn of_somebody_who_has_a_log_nothing_is_stored(db: Backend) {
    let given = Given::new();
    db.store_past(past(&given)).await.unwrap();
    let again = db.store_past(past(&given)).await.unwrap();
    assert_eq!(again, Stored::Already);
    assert_eq!(db.head(ada()).await.unwrap(), Position::new(2));
}

/// One session with one event, whose text holds all that `COPY` means something else by.
fn past(given: &Given) -> database::Past {
    let session = given.session(ada());
    let mut new = given.event(&session, at(5));
    new.event.content.extracted_text = "tab\tbreak\r\nback\\slash \\N \\. 광합성".to_owned();
    new.event.content.subtopic = None;
    let entries = new.entries();
    database::Past {
        user: ada(),
        zone: session.zone,
        sessions: vec![session.clone()],
        timelines: vec![StoredTimeline {
            session: session.id,
            timeline: timeline(&new.event, session.zone),
            ended_at: None::<Timestamp>,
        }],
        events: vec![new.event],
        bookmarks: Vec::new(),
        entries: vec![entries.session, entries.event],
        topics: Vec::new(),
        help: Vec::new(),
    }
}

fn timeline(event: &sessions::LearningEvent, zone: kernel::Zone) -> Timeline {
    let seen = Observation {
        id: event.id,
        at: event.captured_at,
        topic: event.topic.clone(),
        attention: topics::Attention {
            is_active: true,
            is_distracted: false,
        },
    };
    Timeline::fold(zone, Rules::default(), [seen])
}
