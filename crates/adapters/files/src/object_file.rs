//! How one object lies in one file: its bytes, then a label, then the label's length.
//!
//! ```text
//! body ‖ label (JSON) ‖ length of the label (u32, little endian) ‖ "SMSTOBJ1"
//! ```
//!
//! Body and label are one file so that a reader never sees the bytes of one version with the media
//! type of another. The body comes first so that a picture opens in any viewer, and so that reading
//! it moves no bytes: the tail is cut off. A file that was cut short lacks its end and is seen.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use bytes::Bytes;
use objects::ObjectKey;
use serde::{Deserialize, Serialize};

const VERSION: u32 = 1;
const MAGIC: [u8; 8] = *b"SMSTOBJ1";
const TAIL_BYTES: usize = 4 + MAGIC.len();
/// Far above what a key and a media type need.
const MAX_LABEL_BYTES: usize = 64 * 1024;

/// What is known of the object besides its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Label {
    version: u32,
    key: String,
    content_type: String,
    size: u64,
    /// Place in the queue of waiting objects; only the spool has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    serial: Option<u64>,
}

/// The file is not an object file, or not all of it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BadFile {
    #[error("the file ends before its label")]
    Torn,
    #[error("the label cannot be read")]
    Label(#[source] serde_json::Error),
    #[error("the label does not fit the file")]
    Contradiction,
    #[error("the file cannot be read")]
    Io(#[source] std::io::Error),
}

impl Label {
    /// The label of an object of `size` bytes.
    pub(crate) fn new(key: &ObjectKey, content_type: &str, size: u64) -> Self {
        Self {
            version: VERSION,
            key: key.as_str().to_owned(),
            content_type: content_type.to_owned(),
            size,
            serial: None,
        }
    }

    /// The same label with a place in the queue.
    pub(crate) fn queued(self, serial: u64) -> Self {
        let serial = Some(serial);
        Self { serial, ..self }
    }

    /// Whether this is the label of `key`.
    pub(crate) fn is_of(&self, key: &ObjectKey) -> bool {
        self.key == key.as_str()
    }

    /// The object's key; `None` if it is not one.
    pub(crate) fn key(&self) -> Option<ObjectKey> {
        self.key.parse().ok()
    }

    pub(crate) fn content_type(&self) -> &str {
        &self.content_type
    }

    /// Size of the body in bytes.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// Place in the queue; 0 for an object that has none.
    pub(crate) fn serial(&self) -> u64 {
        self.serial.unwrap_or_default()
    }

    /// What follows the body in its file.
    pub(crate) fn tail(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut tail = serde_json::to_vec(self)?;
        let length = u32::try_from(tail.len()).map_err(serde::ser::Error::custom)?;
        tail.extend(length.to_le_bytes());
        tail.extend(MAGIC);
        Ok(tail)
    }

    fn parse(label: &[u8], file_size: u64) -> Result<Self, BadFile> {
        let parsed: Self = serde_json::from_slice(label).map_err(BadFile::Label)?;
        let expected = parsed.size.checked_add((label.len() + TAIL_BYTES) as u64);
        let fits = parsed.version == VERSION && expected == Some(file_size);
        fits.then_some(parsed).ok_or(BadFile::Contradiction)
    }
}

/// The whole file as label and body; the body is not copied.
pub(crate) fn split(mut file: Vec<u8>) -> Result<(Label, Bytes), BadFile> {
    let (rest, tail) = file.split_last_chunk().ok_or(BadFile::Torn)?;
    let length = label_length(*tail)?;
    let body_size = rest.len().checked_sub(length).ok_or(BadFile::Torn)?;
    let label = Label::parse(&rest[body_size..], file.len() as u64)?;
    file.truncate(body_size);
    Ok((label, Bytes::from(file)))
}

/// The label alone, without reading the body.
pub(crate) fn read_label(file: &mut File) -> Result<Label, BadFile> {
    let size = file.metadata().map_err(BadFile::Io)?.len();
    let tail_at = size.checked_sub(TAIL_BYTES as u64).ok_or(BadFile::Torn)?;
    let mut tail = [0; TAIL_BYTES];
    read_at(file, tail_at, &mut tail)?;
    let mut label = vec![0; label_length(tail)?];
    let label_at = tail_at
        .checked_sub(label.len() as u64)
        .ok_or(BadFile::Torn)?;
    read_at(file, label_at, &mut label)?;
    Label::parse(&label, size)
}

fn read_at(file: &mut File, at: u64, into: &mut [u8]) -> Result<(), BadFile> {
    file.seek(SeekFrom::Start(at)).map_err(BadFile::Io)?;
    file.read_exact(into).map_err(BadFile::Io)
}

fn label_length(tail: [u8; TAIL_BYTES]) -> Result<usize, BadFile> {
    let [a, b, c, d, magic @ ..] = tail;
    let length = u32::from_le_bytes([a, b, c, d]) as usize;
    let is_whole = magic == MAGIC && length <= MAX_LABEL_BYTES;
    is_whole.then_some(length).ok_or(BadFile::Torn)
}
