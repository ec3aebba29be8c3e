//! What an export is written into.

use async_trait::async_trait;
use bytes::Bytes;

/// Whether packing a file makes it smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// Text.
    Packed,
    /// Images are packed already.
    Plain,
}

/// The archive takes no more: whoever reads it has gone away, or there is no room.
#[derive(Debug, thiserror::Error)]
#[error("the archive takes no more")]
pub struct ArchiveError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Files in an archive, one after another. An archive that is dropped without [`Self::finish`]
/// must not look like a whole one.
#[async_trait]
pub trait Archive: Send {
    /// Begins a file; the one before it is complete.
    async fn file(&mut self, name: &str, compression: Compression) -> Result<(), ArchiveError>;

    /// Adds bytes to the file.
    async fn write(&mut self, bytes: Bytes) -> Result<(), ArchiveError>;

    /// Completes the archive.
    async fn finish(self: Box<Self>) -> Result<(), ArchiveError>;
}
