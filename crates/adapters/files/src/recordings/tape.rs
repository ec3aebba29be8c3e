//! What waits to be written of one recording, in order.

use std::collections::VecDeque;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kernel::VoiceSessionId;
use tokio::runtime::Handle;
use voice::{Recorded, Track};

use super::track_file::TrackFile;

/// What may wait for a disk that is slow: some 13 seconds of both directions. What comes when so
/// much waits is lost, and counted.
pub(super) const MOST_WAITING: usize = 1024 * 1024;

/// Writes pieces of sound one after another on a thread for blocking calls, without anybody waiting
/// for it.
pub(super) struct Tape {
    folder: PathBuf,
    id: VoiceSessionId,
    threads: Handle,
    queue: Mutex<Queue>,
    /// Held by whoever writes, so that pieces stay in order.
    files: Mutex<Vec<TrackFile>>,
}

#[derive(Default)]
struct Queue {
    pieces: VecDeque<(Track, Vec<u8>)>,
    waiting: usize,
    is_written: bool,
    lost: u64,
    /// The first failure of the disk is told, others are counted.
    failure: Option<io::Error>,
}

impl Tape {
    pub(super) fn new(folder: PathBuf, id: VoiceSessionId) -> Self {
        Self {
            folder,
            id,
            threads: Handle::current(),
            queue: Mutex::default(),
            files: Mutex::default(),
        }
    }

    pub(super) const fn id(&self) -> VoiceSessionId {
        self.id
    }

    /// Takes a piece to be written soon.
    pub(super) fn push(self: &Arc<Self>, track: Track, piece: Vec<u8>) {
        let mut queue = lock(&self.queue);
        if queue.waiting + piece.len() > MOST_WAITING {
            queue.lost += piece.len() as u64;
            return;
        }
        queue.waiting += piece.len();
        queue.pieces.push_back((track, piece));
        if !std::mem::replace(&mut queue.is_written, true) {
            let tape = Arc::clone(self);
            self.threads.spawn_blocking(move || {
                tape.write_out(&mut lock(&tape.files));
            });
        }
    }

    /// Writes what is left and makes the files whole; they are the caller's from now on.
    pub(super) fn seal(&self) -> io::Result<(Vec<TrackFile>, Recorded)> {
        let mut files = lock(&self.files);
        self.write_out(&mut files);
        let files = std::mem::take(&mut *files);
        for file in &files {
            file.seal()?;
        }
        let recorded = self.recorded(&files);
        Ok((files, recorded))
    }

    fn write_out(&self, files: &mut Vec<TrackFile>) {
        while let Some((track, piece)) = self.next() {
            if let Err(error) = self.write(files, track, &piece) {
                let mut queue = lock(&self.queue);
                queue.lost += piece.len() as u64;
                queue.failure.get_or_insert(error);
            }
        }
    }

    fn next(&self) -> Option<(Track, Vec<u8>)> {
        let mut queue = lock(&self.queue);
        let next = queue.pieces.pop_front();
        match &next {
            Some((_, piece)) => queue.waiting -= piece.len(),
            None => queue.is_written = false,
        }
        next
    }

    /// A direction gets its file with its first sound.
    fn write(&self, files: &mut Vec<TrackFile>, track: Track, piece: &[u8]) -> io::Result<()> {
        if let Some(file) = files.iter_mut().find(|file| file.track() == track) {
            return file.append(piece);
        }
        let mut file = TrackFile::create(&self.folder, self.id, track)?;
        let written = file.append(piece);
        files.push(file);
        written
    }

    fn recorded(&self, files: &[TrackFile]) -> Recorded {
        let of = |track| files.iter().find(|file| file.track() == track);
        let bytes = |track| of(track).map_or(0, TrackFile::sound);
        let mut queue = lock(&self.queue);
        if queue.lost > 0 {
            let failure = queue.failure.take();
            let error = failure
                .as_ref()
                .map(|error| error as &dyn std::error::Error);
            tracing::error!(voice_session_id = %self.id, lost_bytes = queue.lost, error,
                "the disk did not take all of a recording");
        }
        Recorded {
            input_bytes: bytes(Track::Input),
            output_bytes: bytes(Track::Output),
            lost_bytes: queue.lost,
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn what_a_slow_disk_does_not_take_is_counted_and_the_rest_is_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let id = Uuid::from_u128(1).into();
        let tape = Arc::new(Tape::new(folder.path().to_owned(), id));
        let pieces = MOST_WAITING / 1024 + 3;
        {
            let _slow_disk = lock(&tape.files);
            for number in 0..pieces {
                let sample = u16::try_from(number).unwrap().to_le_bytes();
                tape.push(Track::Input, sample.repeat(512));
            }
        }
        let (files, recorded) = tape.seal().unwrap();
        assert_eq!(recorded.input_bytes, MOST_WAITING as u64);
        assert_eq!((recorded.output_bytes, recorded.lost_bytes), (0, 3 * 1024));
        drop(files);
        let reader = hound::WavReader::open(folder.path().join(format!("{id}.input.wav")));
        let samples: Vec<i16> = reader.unwrap().into_samples().map(Result::unwrap).collect();
        assert!(samples.is_sorted());
    }
}
