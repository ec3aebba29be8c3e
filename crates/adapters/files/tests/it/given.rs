//! Things that wait, with what does not matter filled in.

use std::path::Path;
use std::time::{Duration, SystemTime};

use kernel::{LearningEventId, Timestamp, UserId};
use objects::ObjectKey;
use sessions::{ContentAnalysis, LearningEvent, NewLearningEvent, Session};
use topics::TopicName;
use uuid::Uuid;
use vision::PendingEvent;

pub(crate) const HOUR: Duration = Duration::from_hours(1);

/// Lets the file have been written so long ago; gives when that was.
pub(crate) fn make_old(file: &Path, by: Duration) -> Timestamp {
    let since = SystemTime::now() - by;
    let file = std::fs::File::options().append(true).open(file).unwrap();
    file.set_modified(since).unwrap();
    since.into()
}

/// Seconds after ten o'clock on a day in March.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_timestamp(1_772_359_200 + seconds, 250_000_000).unwrap()
}

/// A time-ordered id.
pub(crate) fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x019c_a8b2_0000_7000_8000_0000_0000_0000 + number)
}

pub(crate) fn event_id(number: u128) -> LearningEventId {
    id(number).into()
}

pub(crate) fn key(text: &str) -> ObjectKey {
    text.parse().unwrap()
}

/// The event with this number; everything in it is set.
pub(crate) fn pending(number: u128) -> PendingEvent {
    let user = UserId::from_name("ada");
    let zone = kernel::parse_zone("Europe/Berlin").unwrap();
    let session = Session::start(id(1000).into(), user, at(0), zone);
    let content = ContentAnalysis {
        is_studying: true,
        is_active: true,
        is_distracted: false,
        topic: Some("Biology".to_owned()),
        subtopic: Some("Photosynthesis".to_owned()),
        extracted_text: "6 CO₂ + 6 H₂O → C₆H₁₂O₆ + 6 O₂\n\"광합성\"".to_owned(),
    };
    let event = LearningEvent {
        id: event_id(number),
        session: session.id,
        user,
        object: key("uploads/ada/2026/03/01/a.jpg"),
        captured_at: at(10),
        received_at: at(11),
        content,
        topic: TopicName::stored("Bio"),
        model: "a-model".to_owned(),
        reused: true,
        text_disputed: false,
    };
    PendingEvent(NewLearningEvent {
        event,
        entry_id: id(2000).into(),
        session,
        session_entry_id: id(3000).into(),
    })
}

/// The names in a folder.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
