//! Sound while a conversation goes on, and until the object store has it.
//!
//! Each direction is a WAV file `{conversation}.input.wav` or `….output.wav` that only grows; its
//! header says "to the end" until the recording is finished. Whatever happens to the process, the
//! header and what follows it are a playable file once the length is put right, which
//! [`FolderRecordings`] does in [`recover`](voice::Recordings::recover).
//!
//! A file being written or uploaded is locked by whoever does it. The lock goes with the process,
//! so a file without a lock waits for anybody.

mod folder;
mod recorder;
mod source;
mod tape;
mod track_file;

pub use folder::FolderRecordings;
