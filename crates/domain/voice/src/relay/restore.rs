//! What a new session of the model is told before it listens: what was said, in its order.

use std::collections::VecDeque;

use kernel::Timestamp;

use crate::model::{ModelCommand, NewItem};
use crate::relay::again::Piece;
use crate::relay::client::WIRE_BYTES;
use crate::relay::effect::Effect;
use crate::relay::state::Relay;

/// The last turns as text, by their place, that were not told yet.
pub(super) struct Restore {
    items: VecDeque<(u32, NewItem)>,
    /// Turns are made by hand meanwhile: what was heard and not written down is told as sound, and
    /// the model must neither cut it otherwise nor answer each piece.
    by_hand: bool,
}

impl Relay {
    /// The new session has its settings.
    pub(super) fn begin_restore(&mut self) {
        let items = self.turns.restored(self.playback.iter());
        let by_hand = self.turns.again().is_untold();
        self.restore = Some(Restore { items, by_hand });
    }

    /// Goes on telling, as far as the model takes it; then it listens.
    pub(super) fn tell_more(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        while self.restore.is_some() && self.model_has_room() {
            match self.turns.again().next() {
                Some(Piece::Frame(index, frame)) => {
                    self.tell_before(index, out);
                    self.waiting.model += WIRE_BYTES;
                    self.to_model(ModelCommand::AppendAudio(frame), out);
                }
                Some(Piece::End) => self.to_model(ModelCommand::CommitAudio, out),
                None => self.end_restore(now, out),
            }
        }
    }

    fn end_restore(&mut self, now: Timestamp, out: &mut Vec<Effect>) {
        self.tell_before(u32::MAX, out);
        if let Some(words) = self.pointed_at.take() {
            self.add(NewItem::UserText(words), out);
        }
        if self.restore.take().is_some_and(|restore| restore.by_hand) {
            self.configure(now, out);
        }
        if std::mem::take(&mut self.owed) {
            self.want_answer(out);
        }
    }

    /// Tells the turns that stand before this place.
    fn tell_before(&mut self, index: u32, out: &mut Vec<Effect>) {
        let Some(restore) = &mut self.restore else {
            return;
        };
        let count = restore.items.partition_point(|(place, _)| *place < index);
        let items: Vec<_> = restore.items.drain(..count).collect();
        for (_, item) in items {
            self.add(item, out);
        }
    }

    /// A turn in writing. Without a session it is told with the last turns once there is one.
    pub(super) fn tell_turn(&mut self, index: u32, item: NewItem, out: &mut Vec<Effect>) {
        match &mut self.restore {
            Some(restore) => restore.items.push_back((index, item)),
            None if self.upstream.is_live() => self.add(item, out),
            None => {}
        }
    }

    /// Whether the model hears what the device says now.
    pub(super) const fn listens(&self) -> bool {
        self.upstream.is_live() && self.restore.is_none()
    }

    pub(super) fn model_has_room(&self) -> bool {
        self.waiting.model <= self.rules.watermarks.drop_above
    }
}
