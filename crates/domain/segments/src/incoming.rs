//! A request that is arriving.

use std::sync::Arc;

use bytes::Bytes;
use kernel::UserId;
use objects::ObjectSource;

use crate::container::Container;
use crate::error::SegmentError;
use crate::ports::{Draft, Scratch};
use crate::reading::{Cut, Decoder, Fields, NotBase64, Uncut};

/// How much sound is gathered before it is put aside.
const PORTION: usize = 128 * 1024;

/// Takes a request's body piece by piece. Holds a portion of sound and what stands beside it;
/// dropped, nothing of it is left.
pub struct Incoming {
    pub(crate) user: UserId,
    scratch: Arc<dyn Scratch>,
    limit: usize,
    cut: Cut,
    decoder: Decoder,
    text: Vec<u8>,
    bytes: Vec<u8>,
    head: Vec<u8>,
    size: usize,
    draft: Option<Box<dyn Draft>>,
}

/// Sound that has arrived.
pub(crate) struct Arrived {
    pub(crate) container: Container,
    pub(crate) source: Arc<dyn ObjectSource>,
}

impl Incoming {
    /// A request of `user` that is about to arrive, with at most `limit` bytes of sound.
    pub fn new(user: UserId, scratch: Arc<dyn Scratch>, limit: usize) -> Self {
        Self {
            user,
            scratch,
            limit,
            cut: Cut::default(),
            decoder: Decoder::default(),
            text: Vec::new(),
            bytes: Vec::new(),
            head: Vec::new(),
            size: 0,
            draft: None,
        }
    }

    /// Takes the next piece of the body.
    pub async fn push(&mut self, piece: &[u8]) -> Result<(), SegmentError> {
        self.text.clear();
        let cut = self.cut.push(piece, &mut self.text);
        cut.map_err(|uncut| self.uncut(uncut))?;
        let before = self.bytes.len();
        let decoded = self.decoder.push(&self.text, &mut self.bytes);
        decoded.map_err(not_base64)?;
        self.decoded(before).await
    }

    /// All of the body has arrived.
    pub(crate) async fn finish(mut self) -> Result<(Fields, Option<Arrived>), SegmentError> {
        let (rest, _) = std::mem::take(&mut self.cut).finish();
        let fields = Fields::parse(&rest)?;
        let before = self.bytes.len();
        let mut last = std::mem::take(&mut self.decoder);
        let hidden = last.push(fields.hidden_sound().as_bytes(), &mut self.bytes);
        let ended = hidden.and_then(|()| last.finish(&mut self.bytes));
        ended.map_err(not_base64)?;
        self.decoded(before).await?;
        let sound = self.sound().await?;
        Ok((fields, sound))
    }

    /// What was decoded behind `before` counts; a full portion is put aside.
    async fn decoded(&mut self, before: usize) -> Result<(), SegmentError> {
        let fresh = &self.bytes[before..];
        self.size += fresh.len();
        if self.size > self.limit {
            return Err(SegmentError::TooLarge { limit: self.limit });
        }
        let missing = Container::HEAD_BYTES - self.head.len();
        self.head.extend(fresh.iter().take(missing));
        if self.bytes.len() >= PORTION {
            self.put_aside().await?;
        }
        Ok(())
    }

    async fn put_aside(&mut self) -> Result<(), SegmentError> {
        let portion = Bytes::from(std::mem::take(&mut self.bytes));
        if self.draft.is_none() {
            let begun = self.scratch.begin().await;
            self.draft = Some(begun.map_err(SegmentError::Storage)?);
        }
        if let Some(draft) = &mut self.draft {
            draft.append(portion).await.map_err(SegmentError::Storage)?;
        }
        Ok(())
    }

    async fn sound(mut self) -> Result<Option<Arrived>, SegmentError> {
        if self.size == 0 {
            return Ok(None);
        }
        let container = Container::sniff(&self.head).ok_or(SegmentError::NotSound)?;
        if !self.bytes.is_empty() {
            self.put_aside().await?;
        }
        let Some(draft) = self.draft else {
            return Ok(None);
        };
        let source = draft.finish().await.map_err(SegmentError::Storage)?;
        Ok(Some(Arrived { container, source }))
    }

    fn uncut(&self, uncut: Uncut) -> SegmentError {
        match uncut {
            Uncut::TooLong => SegmentError::TooLarge { limit: self.limit },
            Uncut::Malformed => not_base64(NotBase64),
        }
    }
}

const fn not_base64(_: NotBase64) -> SegmentError {
    SegmentError::Field("audioBase64", "must be Base64")
}
