//! A sealed file as what an object store reads.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use kernel::PortResult;
use objects::ObjectSource;

use super::track_file::TrackFile;
use crate::blocking::blocking;
use crate::fault::while_doing;

const READ: &str = "read a recording";

/// Reads a file from any place.
pub(super) struct FileSource {
    file: Arc<File>,
    size: u64,
}

impl FileSource {
    pub(super) fn of(track: &TrackFile) -> Self {
        let (file, size) = track.content();
        Self { file, size }
    }
}

#[async_trait]
impl ObjectSource for FileSource {
    fn size(&self) -> u64 {
        self.size
    }

    async fn read(&self, at: u64, length: usize) -> PortResult<Bytes> {
        let file = Arc::clone(&self.file);
        blocking(READ, move || {
            let mut bytes = vec![0; length];
            let read = file.read_exact_at(&mut bytes, at);
            read.map_err(while_doing(READ)).map(|()| bytes.into())
        })
        .await
    }
}
