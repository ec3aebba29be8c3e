//! One turn between its first sound and its last word.

use kernel::Timestamp;

use crate::ItemId;
use crate::relay::again::Lost;
use crate::relay::kept::Utterance;

/// A spoken turn whose transcript is not complete.
pub(crate) struct Spoken {
    pub(crate) item: ItemId,
    pub(crate) index: u32,
    pub(crate) at: Timestamp,
    pub(crate) text: String,
    /// What an earlier session had written of it.
    pub(crate) earlier: String,
    /// How it sounded, once it has ended; nothing where that is not kept.
    pub(crate) sound: Utterance,
}

impl Spoken {
    pub(crate) fn begun(item: ItemId, index: u32, at: Timestamp) -> Self {
        Self {
            item,
            index,
            at,
            text: String::new(),
            earlier: String::new(),
            sound: Utterance::default(),
        }
    }

    /// The same turn under a new name, in a session that heard it again.
    pub(crate) fn again(item: ItemId, lost: Lost) -> Self {
        let Lost {
            item: _,
            index,
            at,
            text: earlier,
            sound,
        } = lost;
        Self {
            earlier,
            sound,
            ..Self::begun(item, index, at)
        }
    }

    /// As far as it was written down.
    pub(crate) fn written(&self) -> &str {
        if self.text.trim().is_empty() {
            &self.earlier
        } else {
            &self.text
        }
    }

    /// Of a turn whose beginning is not kept any more, words that came are better than the rest of
    /// its sound.
    pub(crate) fn is_told_again(&self) -> bool {
        self.sound.len() > 0 && (self.sound.is_whole() || self.written().trim().is_empty())
    }
}

impl From<Spoken> for Lost {
    fn from(spoken: Spoken) -> Self {
        let text = spoken.written().to_owned();
        let Spoken {
            item,
            index,
            at,
            text: _,
            earlier: _,
            sound,
        } = spoken;
        Self {
            item,
            index,
            at,
            text,
            sound,
        }
    }
}

impl From<Lost> for Spoken {
    fn from(lost: Lost) -> Self {
        Self::again(lost.item.clone(), lost)
    }
}
