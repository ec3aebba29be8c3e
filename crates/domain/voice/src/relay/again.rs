//! Spoken turns whose words a session of the model owed when it ended: the next one hears them.

use std::collections::VecDeque;

use bytes::Bytes;
use kernel::Timestamp;

use crate::ItemId;
use crate::relay::kept::Utterance;

/// Turns to be told again, by their place.
#[derive(Default)]
pub(crate) struct Again {
    lost: VecDeque<Lost>,
    /// How many were told whole and wait to be confirmed.
    told: usize,
    /// Frames told of the one after them.
    frames: usize,
}

/// A turn without its words.
pub(crate) struct Lost {
    /// What the session that ended called it.
    pub(crate) item: ItemId,
    pub(crate) index: u32,
    pub(crate) at: Timestamp,
    /// What was written of it.
    pub(crate) text: String,
    pub(crate) sound: Utterance,
}

/// The next thing to tell.
pub(crate) enum Piece {
    /// 20 ms of the turn at this place.
    Frame(u32, Bytes),
    /// That was a whole turn.
    End,
}

impl Again {
    pub(crate) fn push(&mut self, lost: Lost) {
        let place = self.lost.partition_point(|known| known.index < lost.index);
        self.lost.insert(place, lost);
    }

    /// Frames kept.
    pub(crate) fn frames(&self) -> usize {
        self.lost.iter().map(|lost| lost.sound.len()).sum()
    }

    /// Whether anything is still to be told.
    pub(crate) fn is_untold(&self) -> bool {
        self.told < self.lost.len()
    }

    /// What is to be told next, which counts as told.
    pub(crate) fn next(&mut self) -> Option<Piece> {
        let turn = self.lost.get(self.told)?;
        if let Some(frame) = turn.sound.frame(self.frames) {
            self.frames += 1;
            return Some(Piece::Frame(turn.index, frame.clone()));
        }
        self.told += 1;
        self.frames = 0;
        Some(Piece::End)
    }

    /// The model has taken the oldest turn that was told whole.
    pub(crate) fn committed(&mut self) -> Option<Lost> {
        self.told = self.told.checked_sub(1)?;
        self.lost.pop_front()
    }

    /// Another session: all is to be told to it.
    pub(crate) const fn start_over(&mut self) {
        self.told = 0;
        self.frames = 0;
    }

    /// There will be no other session.
    pub(crate) fn drain(&mut self) -> impl Iterator<Item = Lost> {
        self.start_over();
        self.lost.drain(..)
    }
}
