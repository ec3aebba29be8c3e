//! Charges that wait for the database survive, and go with their user.

use std::fs;
use std::path::Path;

use files::FolderCharges;
use kernel::{ChargeId, Fault, Timestamp, UserId};
use privacy::{Leftovers, Whose};
use spending::{Bill, Charge, ChargeJournal, Tokens, Usage, Work};
use tempfile::TempDir;
use uuid::Uuid;

fn id(number: u8) -> ChargeId {
    Uuid::from_u64_pair(0x019c_a8b2_0000_7000, u64::from(number)).into()
}

fn charge(number: u8, user: &str) -> Charge {
    let at: Timestamp = "2026-03-01T10:00:00.250Z".parse().unwrap();
    let tokens = |text, audio, image| Tokens { text, audio, image };
    Charge {
        id: id(number),
        user: UserId::from_name(user),
        at,
        bill: Bill {
            work: Work::Voice,
            provider: "openai".to_owned(),
            model: "a-model".to_owned(),
            usage: Usage {
                input: tokens(1, 2, 3),
                cached: tokens(4, 5, 6),
                output: tokens(7, 8, 0),
            },
        },
        cost_micros: Some(12),
    }
}

fn open(folder: &TempDir) -> FolderCharges {
    FolderCharges::open(folder.path(), 1 << 20).unwrap()
}

fn file(folder: &Path, number: u8) -> std::path::PathBuf {
    folder.join(format!("{}.json", id(number)))
}

#[tokio::test]
async fn what_was_kept_is_there_after_a_restart_oldest_first() {
    let folder = tempfile::tempdir().unwrap();
    let journal = open(&folder);
    for number in [2, 1, 3] {
        journal.append(&charge(number, "ada")).await.unwrap();
    }
    journal.remove(id(3)).await.unwrap();
    drop(journal);
    let journal = open(&folder);
    assert_eq!(journal.waiting(9).await.unwrap(), [id(1), id(2)]);
    assert_eq!(journal.waiting(1).await.unwrap(), [id(1)]);
    let read = journal.read(id(2)).await.unwrap();
    assert_eq!(read, Some(charge(2, "ada")));
    assert_eq!(journal.read(id(3)).await.unwrap(), None);
}

#[tokio::test]
async fn a_full_journal_takes_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let journal = FolderCharges::open(folder.path(), 100).unwrap();
    let full = journal.append(&charge(1, "ada")).await.unwrap_err();
    assert_eq!(full.fault(), Fault::Full);
}

#[tokio::test]
async fn a_charge_that_cannot_be_read_is_told_and_can_be_moved_aside() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(file(folder.path(), 1), "torn").unwrap();
    let journal = open(&folder);
    let error = journal.read(id(1)).await.unwrap_err();
    assert_eq!(error.fault(), Fault::Corrupt);
    journal.set_aside(id(1)).await.unwrap();
    assert_eq!(journal.waiting(9).await.unwrap(), []);
    assert!(file(&folder.path().join("rejected"), 1).exists());
}

#[tokio::test]
async fn all_charges_of_a_user_go_also_those_set_aside() {
    let folder = tempfile::tempdir().unwrap();
    let journal = open(&folder);
    for (number, user) in [(1, "ada"), (2, "bob"), (3, "ada")] {
        journal.append(&charge(number, user)).await.unwrap();
    }
    journal.set_aside(id(3)).await.unwrap();
    let user = UserId::from_name("ada");
    let removed = journal.sweep(&Whose { user, email: None }).await.unwrap();
    assert_eq!(removed.count, 2);
    assert_eq!(journal.waiting(9).await.unwrap(), [id(2)]);
    assert!(!file(&folder.path().join("rejected"), 3).exists());
}

#[tokio::test]
async fn version_1_is_written_and_read_as_the_fixture_says() {
    let folder = tempfile::tempdir().unwrap();
    let journal = open(&folder);
    journal.append(&charge(1, "ada")).await.unwrap();
    let written = fs::read_to_string(file(folder.path(), 1)).unwrap();
    assert_eq!(written, include_str!("../fixtures/charge-v1.json"));
}
