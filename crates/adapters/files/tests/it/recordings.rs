//! What was recorded is there, whatever happens to process, disk and store.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use chrono::TimeDelta;
use files::{FolderRecordings, FolderStore, LinkSigner};
use kernel::{
    Fault, Page, PageRequest, PortError, PortResult, SessionId, Timestamp, UserId, VoiceSessionId,
};
use objects::{KeyPrefix, Link, Listed, ObjectKey, ObjectMeta, ObjectSource, ObjectStore};
use privacy::{Amount, Leftovers, Whose};
use sessions::Stored;
use tempfile::TempDir;
use url::Url;
use voice::{
    Append, Recorded, Recording, Recordings, Track, Turn, VoiceClose, VoiceOpening, VoiceSession,
    VoiceStore,
};

#[path = "stand_ins.rs"]
mod stand_ins;

use crate::given::{at, id, names};
use stand_ins::Adas;

const CHILD_FOLDER: &str = "SMARTSIGHT_TEST_RECORDINGS";

/// A folder of recordings and a store that can be away.
struct Place {
    folder: TempDir,
    objects: FolderStore,
    switch: Arc<Switch>,
}

struct Switch {
    inner: FolderStore,
    is_away: AtomicBool,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let base = Url::parse("https://study.example/").unwrap();
        let signer = LinkSigner::try_new(&vec![7; 32].into(), base).unwrap();
        let objects = FolderStore::open(folder.path().join("objects"), signer).unwrap();
        let switch = Arc::new(Switch {
            inner: objects.clone(),
            is_away: AtomicBool::new(false),
        });
        Self {
            folder,
            objects,
            switch,
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("recordings")
    }

    fn open(&self) -> FolderRecordings {
        FolderRecordings::open(self.path(), self.switch.clone(), Arc::new(Adas)).unwrap()
    }

    fn turn(&self, is_away: bool) {
        self.switch.is_away.store(is_away, Ordering::SeqCst);
    }

    /// The samples of a finished recording, read by somebody else's reader.
    async fn samples(&self, id: VoiceSessionId, track: Track) -> Option<Vec<i16>> {
        let body = self.objects.get(&track.key(id)).await.unwrap()?;
        Some(parsed(&body, track))
    }

    /// What waits, by file.
    fn waiting(&self) -> Vec<String> {
        names(&self.path())
    }
}

#[track_caller]
fn parsed(wav: &[u8], track: Track) -> Vec<i16> {
    let reader = hound::WavReader::new(wav).unwrap();
    let spec = reader.spec();
    let shape = (spec.channels, spec.sample_rate, spec.bits_per_sample);
    assert_eq!(shape, (1, track.sample_rate_hz(), 16));
    assert_eq!(
        wav.len(),
        44 + 2 * reader.len() as usize,
        "the header's length"
    );
    reader.into_samples().map(Result::unwrap).collect()
}

fn talk(number: u128) -> VoiceSessionId {
    id(number).into()
}

/// `count` samples that count up from `first`, as bytes.
fn sound(first: usize, count: usize) -> Vec<u8> {
    let samples = (first..first + count).map(sample);
    samples.flat_map(i16::to_le_bytes).collect()
}

/// The sample at this place of every recording here.
fn sample(place: usize) -> i16 {
    i16::try_from(place % 30_011).unwrap()
}

fn counted(count: usize) -> Vec<i16> {
    (0..count).map(sample).collect()
}

async fn recorded(
    recordings: &FolderRecordings,
    number: u128,
    samples: usize,
) -> Box<dyn Recording> {
    let mut recording = recordings.begin(talk(number)).await.unwrap();
    recording.append(Track::Input, &sound(0, samples));
    recording
}

#[tokio::test]
async fn both_tracks_come_out_as_wav_files_under_their_keys() {
    let place = Place::new();
    let mut recording = place.open().begin(talk(1)).await.unwrap();
    for frame in 0..200 {
        recording.append(Track::Input, &sound(frame * 320, 320));
        recording.append(Track::Output, &sound(frame * 480, 480));
    }
    let expected = Recorded {
        input_bytes: 128_000,
        output_bytes: 192_000,
        lost_bytes: 0,
    };
    assert_eq!(recording.finish().await.unwrap(), expected);
    let input = place.samples(talk(1), Track::Input).await;
    assert_eq!(input.unwrap(), counted(64_000));
    let output = place.samples(talk(1), Track::Output).await;
    assert_eq!(output.unwrap(), counted(96_000));
    assert_eq!(place.waiting(), [] as [&str; 0]);
    let links = place
        .open()
        .links(talk(1), at(0), Duration::from_mins(1))
        .await;
    assert_eq!(links.unwrap().len(), 2);
}

#[tokio::test]
async fn a_track_without_sound_is_not_kept() {
    let place = Place::new();
    let recording = recorded(&place.open(), 1, 5).await;
    assert_eq!(recording.finish().await.unwrap().input_bytes, 10);
    assert_eq!(place.samples(talk(1), Track::Output).await, None);
    let silent = place.open().begin(talk(2)).await.unwrap();
    assert_eq!(silent.finish().await.unwrap(), Recorded::default());
    assert_eq!(place.waiting(), [] as [&str; 0]);
    let links = place
        .open()
        .links(talk(1), at(0), Duration::from_mins(1))
        .await;
    let tracks: Vec<_> = links.unwrap().iter().map(|(track, _)| *track).collect();
    assert_eq!(tracks, [Track::Input]);
}

#[tokio::test]
async fn a_store_that_is_away_gets_it_later() {
    let place = Place::new();
    place.turn(true);
    let recording = recorded(&place.open(), 1, 100).await;
    let failed = recording.finish().await.unwrap_err();
    assert_eq!(failed.fault(), Fault::Unavailable);
    let still = place.open().recover(10).await.unwrap_err();
    assert_eq!(still.fault(), Fault::Unavailable);
    assert_eq!(place.waiting().len(), 1);
    place.turn(false);
    assert_eq!(place.open().recover(10).await.unwrap(), [talk(1)]);
    let input = place.samples(talk(1), Track::Input).await;
    assert_eq!(input.unwrap(), counted(100));
    assert_eq!(place.waiting(), [] as [&str; 0]);
    assert_eq!(place.open().recover(10).await.unwrap(), []);
}

/// Returns once somebody has written this much of the file.
async fn until_written(path: &Path, bytes: u64) {
    while std::fs::metadata(path).map_or(0, |meta| meta.len()) < bytes {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_in_progress_is_left_alone_and_one_that_was_dropped_is_finished() {
    let place = Place::new();
    let recordings = place.open();
    let (living, dropped) = (
        recorded(&recordings, 1, 20_000).await,
        recorded(&recordings, 2, 20_001).await,
    );
    drop(dropped);
    let file = |n| place.path().join(format!("{}.input.wav", talk(n)));
    until_written(&file(1), 44 + 40_000).await;
    // Its lock goes with the last piece.
    let mut recovered = place.open().recover(10).await.unwrap();
    while recovered.is_empty() {
        recovered = place.open().recover(10).await.unwrap();
    }
    assert_eq!(recovered, [talk(2)]);
    let input = place.samples(talk(2), Track::Input).await;
    assert_eq!(input.unwrap(), counted(20_001));
    assert_eq!(place.samples(talk(1), Track::Input).await, None);
    assert_eq!(living.finish().await.unwrap().input_bytes, 40_000);
}

#[tokio::test]
async fn a_file_that_ends_anywhere_becomes_a_valid_wav_or_nothing() {
    let place = Place::new();
    let recordings = place.open();
    let mut whole = vec![0xff; 44];
    whole.extend(sound(0, 40));
    for length in 0..=whole.len() {
        let path = place.path().join(format!("{}.output.wav", talk(1)));
        std::fs::write(path, &whole[..length]).unwrap();
        recordings.recover(1).await.unwrap();
        let samples = place.samples(talk(1), Track::Output).await;
        let expected = length.saturating_sub(44) / 2;
        assert_eq!(
            samples,
            (expected > 0).then(|| counted(expected)),
            "{length}"
        );
        place
            .objects
            .delete(&Track::Output.key(talk(1)))
            .await
            .unwrap();
    }
    assert_eq!(place.waiting(), [] as [&str; 0]);
}

#[tokio::test]
async fn only_so_many_are_recovered_at_a_time_and_files_of_others_stay() {
    let place = Place::new();
    place.turn(true);
    for number in 1..=3 {
        let recording = recorded(&place.open(), number, 4).await;
        recording.finish().await.unwrap_err();
    }
    std::fs::write(place.path().join("notes.txt"), "mine").unwrap();
    place.turn(false);
    assert_eq!(place.open().recover(2).await.unwrap(), [talk(1), talk(2)]);
    assert_eq!(place.open().recover(2).await.unwrap(), [talk(3)]);
    assert_eq!(place.waiting(), ["notes.txt"]);
}

#[tokio::test]
async fn what_waits_goes_with_its_user() {
    let place = Place::new();
    place.turn(true);
    for number in 1..=2 {
        let recording = recorded(&place.open(), number, 4).await;
        recording.finish().await.unwrap_err();
    }
    let whose = |name| Whose {
        user: UserId::from_name(name),
        email: None,
    };
    let removed = place.open().sweep(&whose("ada")).await.unwrap();
    assert_eq!(
        removed,
        Amount {
            count: 1,
            bytes: 52
        }
    );
    let nothing = place.open().sweep(&whose("bob")).await.unwrap();
    assert_eq!(nothing, Amount::default());
    assert_eq!(place.waiting(), [format!("{}.input.wav", talk(2))]);
}

/// What a killed process was doing. Does nothing unless it is told a folder.
#[tokio::test(flavor = "multi_thread")]
async fn child_that_records_until_it_is_killed() {
    let Some(folder) = std::env::var_os(CHILD_FOLDER) else {
        return;
    };
    let place = Place::new();
    let store = place.switch.clone();
    let recordings = FolderRecordings::open(folder, store, Arc::new(Adas)).unwrap();
    let mut recording = recordings.begin(talk(7)).await.unwrap();
    let mut out = std::io::stdout();
    for frame in 0.. {
        recording.append(Track::Input, &sound(frame * 317, 317));
        recording.append(Track::Output, &sound(frame * 481, 481));
        if frame % 16 == 0 {
            writeln!(out, "frame {frame}").unwrap();
            out.flush().unwrap();
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_process_leaves_both_tracks_valid() {
    for seed in [3, 40, 77, 130] {
        let place = Place::new();
        let recordings = place.open();
        kill_after(seed, &place.path());
        assert_eq!(recordings.recover(10).await.unwrap(), [talk(7)]);
        for track in Track::ALL {
            let samples = place.samples(talk(7), track).await.unwrap();
            assert!(!samples.is_empty());
            assert!(samples == counted(samples.len()), "{track:?} after {seed}");
        }
        assert_eq!(place.waiting(), [] as [&str; 0]);
    }
}

/// Lets a child record into the folder and kills it, without warning, after it has written
/// something of both tracks and so many lines more.
fn kill_after(lines: usize, folder: &Path) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "recordings::child_that_records_until_it_is_killed",
            "--exact",
            "--nocapture",
        ])
        .env(CHILD_FOLDER, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
    let file = |track: Track| folder.join(format!("{}.{}", talk(7), track.file_name()));
    let has_sound = |track| std::fs::metadata(file(track)).is_ok_and(|meta| meta.len() > 46);
    let mut left = lines;
    while left > 0 {
        said.next().unwrap().unwrap();
        if Track::ALL.into_iter().all(has_sound) {
            left -= 1;
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
}
