//! A recording in progress.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use kernel::PortResult;
use voice::{Recorded, Recording, Track};

use super::FolderRecordings;
use super::tape::Tape;
use crate::blocking::blocking;
use crate::fault::while_doing;

/// Written at once: half a second of what the student says. Two directions hold twice as much.
const PIECE: usize = 16 * 1024;
/// A shorter piece is written when the recording goes on this much later.
const HOLD: Duration = Duration::from_secs(1);
const FINISH: &str = "finish a recording";

/// Gathers sound into pieces. Dropped, it writes the last ones and leaves the files to whoever
/// recovers.
pub(super) struct Recorder {
    recordings: FolderRecordings,
    tape: Arc<Tape>,
    input: Vec<u8>,
    output: Vec<u8>,
    written_at: Instant,
}

impl Recorder {
    pub(super) fn new(recordings: FolderRecordings, tape: Tape) -> Self {
        Self {
            recordings,
            tape: Arc::new(tape),
            input: Vec::new(),
            output: Vec::new(),
            written_at: Instant::now(),
        }
    }

    fn buffer(&mut self, track: Track) -> &mut Vec<u8> {
        match track {
            Track::Input => &mut self.input,
            Track::Output => &mut self.output,
        }
    }

    fn write(&mut self, track: Track) {
        let piece = std::mem::take(self.buffer(track));
        if !piece.is_empty() {
            self.tape.push(track, piece);
        }
    }

    fn write_all(&mut self) {
        for track in Track::ALL {
            self.write(track);
        }
        self.written_at = Instant::now();
    }
}

#[async_trait]
impl Recording for Recorder {
    fn append(&mut self, track: Track, pcm: &[u8]) {
        let buffer = self.buffer(track);
        if buffer.capacity() == 0 {
            buffer.reserve_exact(PIECE);
        }
        buffer.extend_from_slice(pcm);
        if buffer.len() >= PIECE {
            self.write(track);
        }
        if self.written_at.elapsed() >= HOLD {
            self.write_all();
        }
    }

    async fn finish(mut self: Box<Self>) -> PortResult<Recorded> {
        self.write_all();
        let tape = Arc::clone(&self.tape);
        let sealed = blocking(FINISH, move || tape.seal().map_err(while_doing(FINISH)));
        let (files, recorded) = sealed.await?;
        self.recordings.put_all(self.tape.id(), files).await?;
        Ok(recorded)
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.write_all();
    }
}
