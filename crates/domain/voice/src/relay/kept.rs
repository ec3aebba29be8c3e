//! Sound the model has got and may have to get again, in its next session.

use std::collections::VecDeque;

use bytes::Bytes;

/// Frames from before speech is noticed: 600 ms, more than it takes to notice it.
const BEFORE: usize = 30;

/// What the model got last, in frames of 20 ms.
#[derive(Default)]
pub(crate) struct Recent {
    frames: VecDeque<Bytes>,
    /// The beginning of what is being said is gone.
    is_cut: bool,
}

/// How a spoken turn sounded.
#[derive(Default)]
pub(crate) struct Utterance {
    frames: Vec<Bytes>,
    is_cut: bool,
}

impl Recent {
    pub(crate) fn push(&mut self, frame: Bytes) {
        self.frames.push_back(frame);
    }

    pub(crate) fn len(&self) -> usize {
        self.frames.len()
    }

    /// Nobody speaks: only what is needed in case somebody begins to.
    pub(crate) fn keep_newest(&mut self) {
        let excess = self.frames.len().saturating_sub(BEFORE);
        self.frames.drain(..excess);
    }

    /// Somebody begins to speak.
    pub(crate) const fn begin(&mut self) {
        self.is_cut = false;
    }

    /// There is no room for the beginning of what is being said.
    pub(crate) fn cut(&mut self) {
        self.frames.pop_front();
        self.is_cut = true;
    }

    /// Whether all that is being said is there.
    pub(crate) const fn is_whole(&self) -> bool {
        !self.is_cut
    }

    /// What was said; it is said to its end.
    pub(crate) fn take(&mut self) -> Utterance {
        Utterance {
            frames: self.frames.drain(..).collect(),
            is_cut: std::mem::take(&mut self.is_cut),
        }
    }

    /// The newest first.
    pub(crate) fn drain_back(&mut self) -> impl Iterator<Item = Bytes> {
        self.is_cut = false;
        std::mem::take(&mut self.frames).into_iter().rev()
    }
}

impl Utterance {
    pub(crate) const fn len(&self) -> usize {
        self.frames.len()
    }

    pub(crate) fn frame(&self, at: usize) -> Option<&Bytes> {
        self.frames.get(at)
    }

    /// Whether its beginning is there.
    pub(crate) const fn is_whole(&self) -> bool {
        !self.is_cut
    }
}
