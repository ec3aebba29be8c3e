//! Events that wait are neither lost nor changed.

use std::fs;
use std::path::PathBuf;

use files::{Bounds, FolderJournal};
use futures_util::future::join_all;
use kernel::{Fault, UserId};
use privacy::{Leftovers, Whose};
use sessions::SessionState;
use tempfile::TempDir;
use vision::{Held, Journal, PendingEvent};

use crate::given::{HOUR, at, event_id, make_old, names, pending};

const ROOMY: u64 = 10_000_000;

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn open(folder: &TempDir) -> FolderJournal {
    FolderJournal::open(folder.path(), ROOMY).unwrap()
}

fn file_of(folder: &TempDir, number: u128) -> PathBuf {
    folder.path().join(format!("{}.json", event_id(number)))
}

fn size_of_one() -> u64 {
    include_bytes!("../fixtures/event-v1.json").len() as u64
}

#[tokio::test]
async fn an_event_is_read_back_after_reopening() {
    let folder = folder();
    open(&folder).append(&pending(1)).await.unwrap();
    let journal = open(&folder);
    assert_eq!(journal.waiting(10).await.unwrap(), [event_id(1)]);
    assert_eq!(journal.read(event_id(1)).await.unwrap(), Some(pending(1)));
}

#[tokio::test]
async fn an_event_of_an_ended_session_without_a_topic_is_read_back() {
    let folder = folder();
    let mut event = pending(1);
    event.0.session.state = SessionState::Ended(at(20));
    event.0.event.content.topic = None;
    event.0.event.content.subtopic = None;
    open(&folder).append(&event).await.unwrap();
    assert_eq!(open(&folder).read(event_id(1)).await.unwrap(), Some(event));
}

#[tokio::test]
async fn the_session_of_a_waiting_event_is_known_to_its_user_alone() {
    let folder = folder();
    let session = pending(1).0.session;
    let (user, other) = (session.user, UserId::from_name("bob"));
    open(&folder).append(&pending(1)).await.unwrap();
    let journal = open(&folder);
    let found = journal.session(user, session.id).await.unwrap();
    assert_eq!(found.as_ref(), Some(&session));
    assert_eq!(journal.session(other, session.id).await.unwrap(), None);
    Journal::remove(&journal, event_id(1)).await.unwrap();
    assert_eq!(journal.session(user, session.id).await.unwrap(), None);
}

#[tokio::test]
async fn what_waits_is_counted_also_after_reopening() {
    let folder = folder();
    open(&folder).append(&pending(1)).await.unwrap();
    let journal = open(&folder);
    let one = Held {
        count: 1,
        bytes: size_of_one(),
    };
    assert_eq!(journal.held().await.unwrap(), one);
    journal.set_aside(event_id(1)).await.unwrap();
    assert_eq!(journal.held().await.unwrap(), Held::default());
}

#[tokio::test]
async fn events_wait_oldest_first_whatever_came_first() {
    let folder = folder();
    let journal = open(&folder);
    for number in [3, 1, 2] {
        journal.append(&pending(number)).await.unwrap();
    }
    assert_eq!(journal.waiting(2).await.unwrap(), [1, 2].map(event_id));
    assert_eq!(
        open(&folder).waiting(9).await.unwrap(),
        [1, 2, 3].map(event_id)
    );
}

#[tokio::test]
async fn the_same_event_again_replaces_it() {
    let folder = folder();
    let journal = open(&folder);
    journal.append(&pending(1)).await.unwrap();
    let mut other = pending(1);
    other.0.event.model = "another-model".to_owned();
    journal.append(&other).await.unwrap();
    assert_eq!(journal.waiting(9).await.unwrap().len(), 1);
    assert_eq!(journal.read(event_id(1)).await.unwrap(), Some(other));
}

#[tokio::test]
async fn a_removed_event_is_gone_and_removing_it_again_succeeds() {
    let folder = folder();
    let journal = open(&folder);
    journal.append(&pending(1)).await.unwrap();
    for _ in 0..2 {
        journal.remove(event_id(1)).await.unwrap();
    }
    assert_eq!(journal.read(event_id(1)).await.unwrap(), None);
    assert!(journal.waiting(9).await.unwrap().is_empty());
    assert!(open(&folder).waiting(9).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_full_journal_says_so_until_something_is_removed() {
    let folder = folder();
    let journal = FolderJournal::open(folder.path(), 2 * size_of_one()).unwrap();
    journal.append(&pending(1)).await.unwrap();
    journal.append(&pending(2)).await.unwrap();
    let full = journal.append(&pending(3)).await.unwrap_err();
    assert_eq!(full.fault(), Fault::Full);
    assert_eq!(journal.waiting(9).await.unwrap().len(), 2);
    journal.append(&pending(2)).await.unwrap();
    journal.remove(event_id(1)).await.unwrap();
    journal.append(&pending(3)).await.unwrap();
}

#[tokio::test]
async fn a_journal_found_full_is_full() {
    let folder = folder();
    open(&folder).append(&pending(1)).await.unwrap();
    let journal = FolderJournal::open(folder.path(), size_of_one()).unwrap();
    let full = journal.append(&pending(2)).await.unwrap_err();
    assert_eq!(full.fault(), Fault::Full);
}

#[tokio::test]
async fn there_is_room_while_the_largest_event_fits() {
    let folder = folder();
    let capacity = FolderJournal::MAX_EVENT_BYTES + size_of_one() - 1;
    let journal = FolderJournal::open(folder.path(), capacity).unwrap();
    assert!(journal.has_room().await.unwrap());
    journal.append(&pending(1)).await.unwrap();
    assert!(!journal.has_room().await.unwrap());
    journal.remove(event_id(1)).await.unwrap();
    assert!(journal.has_room().await.unwrap());
}

#[tokio::test]
async fn once_an_event_is_too_old_there_is_no_room_until_it_is_written() {
    let folder = folder();
    let bounds = Bounds {
        bytes: ROOMY,
        age: HOUR,
    };
    let journal = FolderJournal::open(folder.path(), bounds).unwrap();
    journal.append(&pending(1)).await.unwrap();
    assert!(journal.has_room().await.unwrap());
    make_old(&file_of(&folder, 1), HOUR);
    let journal = FolderJournal::open(folder.path(), bounds).unwrap();
    assert!(!journal.has_room().await.unwrap());
    // What was taken on before the bound was reached is kept all the same.
    journal.append(&pending(2)).await.unwrap();
    Journal::remove(&journal, event_id(1)).await.unwrap();
    assert!(journal.has_room().await.unwrap());
    assert_eq!(journal.waiting(9).await.unwrap(), [event_id(2)]);
}

#[tokio::test]
async fn without_a_bound_of_age_nothing_is_too_old() {
    let folder = folder();
    open(&folder).append(&pending(1)).await.unwrap();
    make_old(&file_of(&folder, 1), 1000 * HOUR);
    assert!(open(&folder).has_room().await.unwrap());
}

#[tokio::test]
async fn an_event_waits_since_it_was_kept_first_also_after_reopening() {
    let folder = folder();
    let journal = open(&folder);
    assert_eq!(journal.oldest().await.unwrap(), None);
    for number in [1, 2] {
        journal.append(&pending(number)).await.unwrap();
    }
    let since = make_old(&file_of(&folder, 2), HOUR);
    let journal = open(&folder);
    assert_eq!(journal.oldest().await.unwrap(), Some(since));
    journal.append(&pending(2)).await.unwrap();
    assert_eq!(journal.oldest().await.unwrap(), Some(since));
    Journal::remove(&journal, event_id(2)).await.unwrap();
    assert!(journal.oldest().await.unwrap().unwrap() > since);
}

#[tokio::test]
async fn the_largest_event_is_not_larger_than_said() {
    let folder = folder();
    let journal = FolderJournal::open(folder.path(), FolderJournal::MAX_EVENT_BYTES).unwrap();
    let mut largest = pending(1);
    let content = &mut largest.0.event.content;
    let most = sessions::ContentAnalysis::MAX_TEXT_CHARS;
    content.extracted_text = "𝄞".repeat(most);
    journal.append(&largest).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn events_appended_at_once_are_all_kept_and_counted() {
    let folder = folder();
    let journal = FolderJournal::open(folder.path(), 20 * size_of_one()).unwrap();
    let appends = (0..40).map(|number| {
        let journal = journal.clone();
        tokio::spawn(async move { journal.append(&pending(number)).await })
    });
    let outcomes = join_all(appends).await;
    let kept = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, Ok(Ok(()))))
        .count();
    assert_eq!(journal.waiting(99).await.unwrap().len(), kept);
    assert_eq!(open(&folder).waiting(99).await.unwrap().len(), kept);
    // One waits for the promises of those that failed, so a place can stay empty, but none is lost.
    for number in 100..120 - kept as u128 {
        journal.append(&pending(number)).await.unwrap();
    }
    let full = journal.append(&pending(200)).await.unwrap_err();
    assert_eq!(full.fault(), Fault::Full);
}

#[tokio::test]
async fn an_event_cut_short_anywhere_is_corrupt() {
    let folder = folder();
    let journal = open(&folder);
    journal.append(&pending(1)).await.unwrap();
    let whole = fs::read(file_of(&folder, 1)).unwrap();
    for length in 0..whole.len() {
        fs::write(file_of(&folder, 1), &whole[..length]).unwrap();
        let torn = journal.read(event_id(1)).await.unwrap_err();
        assert_eq!(torn.fault(), Fault::Corrupt, "{length}");
    }
}

#[tokio::test]
async fn a_document_of_another_event_or_a_later_version_is_corrupt() {
    let folder = folder();
    let journal = open(&folder);
    journal.append(&pending(1)).await.unwrap();
    let text = fs::read_to_string(file_of(&folder, 1)).unwrap();
    let later = text.replacen("\"version\":1", "\"version\":2", 1);
    let other = text.replacen(&event_id(1).to_string(), &event_id(2).to_string(), 1);
    for changed in [later, other] {
        assert_ne!(changed, text);
        fs::write(file_of(&folder, 1), changed).unwrap();
        let read = journal.read(event_id(1)).await.unwrap_err();
        assert_eq!(read.fault(), Fault::Corrupt);
    }
}

#[tokio::test]
async fn an_event_set_aside_waits_no_more_but_is_kept() {
    let folder = folder();
    let journal = FolderJournal::open(folder.path(), size_of_one()).unwrap();
    journal.append(&pending(1)).await.unwrap();
    for _ in 0..2 {
        journal.set_aside(event_id(1)).await.unwrap();
    }
    assert!(journal.waiting(9).await.unwrap().is_empty());
    assert_eq!(journal.read(event_id(1)).await.unwrap(), None);
    let aside = names(&folder.path().join("rejected"));
    assert_eq!(aside, [format!("{}.json", event_id(1))]);
    journal.append(&pending(2)).await.unwrap();
    assert_eq!(open(&folder).waiting(9).await.unwrap(), [event_id(2)]);
}

#[tokio::test]
async fn leftovers_of_a_crash_are_deleted_and_other_files_left_alone() {
    let folder = folder();
    drop(open(&folder));
    fs::write(folder.path().join(".tmp/3"), "half an event").unwrap();
    fs::write(folder.path().join("note.txt"), "of the operator").unwrap();
    let journal = open(&folder);
    assert!(journal.waiting(9).await.unwrap().is_empty());
    assert!(names(&folder.path().join(".tmp")).is_empty());
    assert_eq!(names(folder.path()), [".tmp", "note.txt", "rejected"]);
}

#[tokio::test]
async fn an_event_whose_file_was_taken_away_is_gone() {
    let folder = folder();
    let journal = open(&folder);
    journal.append(&pending(1)).await.unwrap();
    fs::remove_file(file_of(&folder, 1)).unwrap();
    assert_eq!(journal.read(event_id(1)).await.unwrap(), None);
    assert!(journal.waiting(9).await.unwrap().is_empty());
}

#[tokio::test]
async fn version_1_is_written_and_read_as_the_fixture_says() {
    let folder = folder();
    let journal = open(&folder);
    journal.append(&pending(1)).await.unwrap();
    let written = fs::read_to_string(file_of(&folder, 1)).unwrap();
    let fixture = include_str!("../fixtures/event-v1.json");
    assert_eq!(written, fixture);
    fs::write(file_of(&folder, 1), fixture).unwrap();
    let PendingEvent(read) = journal.read(event_id(1)).await.unwrap().unwrap();
    assert_eq!(read, pending(1).0);
}

#[tokio::test]
async fn all_events_of_a_user_go_also_those_set_aside_and_unreadable() {
    let folder = folder();
    let journal = open(&folder);
    let (ada, bob) = (UserId::from_name("ada"), UserId::from_name("bob"));
    let mut bobs = pending(4);
    bobs.0.event.user = bob;
    bobs.0.event.content.extracted_text = format!("{ada}");
    for event in [pending(1), pending(2), pending(3), bobs] {
        journal.append(&event).await.unwrap();
    }
    fs::write(file_of(&folder, 2), format!("torn \"{ada}\"")).unwrap();
    journal.set_aside(event_id(3)).await.unwrap();
    let whose = Whose {
        user: ada,
        email: None,
    };
    assert_eq!(journal.sweep(&whose).await.unwrap().count, 3);
    assert_eq!(journal.waiting(10).await.unwrap(), [event_id(4)]);
    assert_eq!(names(&folder.path().join("rejected")), [""; 0]);
    assert_eq!(journal.sweep(&whose).await.unwrap().count, 0);
}
