//! The transcript: who said what, in which order, and what a new session is told of it.

use std::collections::VecDeque;

use chrono::TimeDelta;
use kernel::Timestamp;

use crate::client::Speaker;
use crate::model::NewItem;
use crate::relay::again::Again;
use crate::relay::answer::Answer;
use crate::relay::kept::Utterance;
use crate::relay::spoken::Spoken;
use crate::{ItemId, Turn};

/// How long a renewal waits for the transcript of what was said.
const TRANSCRIPT_WITHIN: TimeDelta = TimeDelta::seconds(5);
/// Characters of one turn that a new session is told.
const RESTORED_CHARS: usize = 4_000;
/// Spoken turns whose transcript may be outstanding; more are a model that never sends any.
const OUTSTANDING: usize = 32;

/// Gives turns their places and remembers the last ones.
pub(crate) struct Turns {
    next_index: u32,
    /// Spoken turns whose transcript is not complete.
    outstanding: VecDeque<Spoken>,
    /// Those the model's next session has to hear again.
    again: Again,
    /// The last final turns, by place.
    last: VecDeque<(u32, Speaker, String)>,
    remembered: usize,
}

/// What becomes of the turn that is being spoken when its session ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InProgress {
    /// The next session hears it from its beginning.
    Resumes,
    /// What was written of it is all there will be.
    Breaks,
}

impl Turns {
    pub(crate) fn new(remembered: usize) -> Self {
        Self {
            next_index: 0,
            outstanding: VecDeque::new(),
            again: Again::default(),
            last: VecDeque::new(),
            remembered,
        }
    }

    /// The next place.
    pub(crate) const fn place(&mut self) -> u32 {
        let index = self.next_index;
        self.next_index += 1;
        index
    }

    /// The student begins to speak.
    pub(crate) fn begin_speech(&mut self, item: &ItemId, at: Timestamp) {
        if self.outstanding.iter().any(|spoken| spoken.item == *item) {
            return;
        }
        if self.outstanding.len() == OUTSTANDING {
            self.outstanding.pop_front();
        }
        let index = self.place();
        self.outstanding
            .push_back(Spoken::begun(item.clone(), index, at));
    }

    /// The turn is part of the conversation. One that was told again has a new name by that.
    pub(crate) fn committed(&mut self, item: &ItemId, at: Timestamp) {
        if self.outstanding.iter().any(|spoken| spoken.item == *item) {
            return;
        }
        let Some(lost) = self.again.committed() else {
            return self.begin_speech(item, at);
        };
        self.outstanding
            .push_back(Spoken::again(item.clone(), lost));
    }

    /// The turn has ended and sounded like this.
    pub(crate) fn keep(&mut self, item: &ItemId, sound: Utterance) {
        if let Some(spoken) = self.outstanding.iter_mut().find(|s| s.item == *item) {
            spoken.sound = sound;
        }
    }

    /// Frames of sound kept because their words have not come.
    pub(crate) fn kept_frames(&self) -> usize {
        let waiting: usize = self.outstanding.iter().map(|s| s.sound.len()).sum();
        waiting + self.again.frames()
    }

    /// Makes room: the oldest sound of those that wait for words. Whether there was any.
    pub(crate) fn forget_oldest_sound(&mut self) -> bool {
        let oldest = self.outstanding.iter_mut().find(|s| s.sound.len() > 0);
        oldest
            .map(|spoken| spoken.sound = Utterance::default())
            .is_some()
    }

    /// What the model's next session has to hear again.
    pub(crate) const fn again(&mut self) -> &mut Again {
        &mut self.again
    }

    /// The model's session has ended. Turns whose words have not come are to be heard again where
    /// their sound is kept; of the others what was written is final, and returned.
    pub(crate) fn leave_session(&mut self, spoken: InProgress, now: Timestamp) -> Vec<Turn> {
        self.again.start_over();
        let newest = self.outstanding.back().map(|spoken| spoken.item.clone());
        let mut given_up = Vec::new();
        for turn in std::mem::take(&mut self.outstanding) {
            if turn.is_told_again() {
                self.again.push(turn.into());
            } else if spoken == InProgress::Breaks || newest.as_ref() != Some(&turn.item) {
                given_up.extend(self.close(turn, now));
            }
        }
        given_up
    }

    fn close(&mut self, spoken: Spoken, now: Timestamp) -> Option<Turn> {
        let (item, text) = (spoken.item.clone(), spoken.written().to_owned());
        self.outstanding.push_back(spoken);
        self.end_speech(&item, &text, now)
    }

    /// More of a transcript.
    pub(crate) fn hear(&mut self, item: &ItemId, text: &str) {
        if let Some(spoken) = self.outstanding.iter_mut().find(|s| s.item == *item) {
            spoken.text.push_str(text);
        }
    }

    /// The whole transcript; `None` when it was silence.
    pub(crate) fn end_speech(&mut self, item: &ItemId, text: &str, now: Timestamp) -> Option<Turn> {
        let at = self
            .outstanding
            .iter()
            .position(|spoken| spoken.item == *item);
        let spoken = at.and_then(|at| self.outstanding.remove(at));
        if text.trim().is_empty() {
            return None;
        }
        let (index, at) = match spoken {
            Some(spoken) => (spoken.index, spoken.at),
            None => (self.place(), now),
        };
        Some(self.student(index, item.clone(), text.trim(), at))
    }

    /// What was transcribed so far is all there will be.
    pub(crate) fn give_up_speech(&mut self, item: &ItemId, now: Timestamp) -> Option<Turn> {
        let spoken = self
            .outstanding
            .iter()
            .find(|spoken| spoken.item == *item)?;
        let text = spoken.written().to_owned();
        self.end_speech(item, &text, now)
    }

    /// No transcript will come any more.
    pub(crate) fn give_up_all(&mut self, now: Timestamp) -> Vec<Turn> {
        let unheard = self.again.drain().map(Spoken::from);
        self.outstanding.extend(unheard);
        let items: Vec<_> = self
            .outstanding
            .iter()
            .map(|spoken| spoken.item.clone())
            .collect();
        items
            .iter()
            .filter_map(|item| self.give_up_speech(item, now))
            .collect()
    }

    /// Whether a transcript is awaited that may still come.
    pub(crate) fn is_waiting(&self, now: Timestamp) -> bool {
        self.outstanding
            .iter()
            .any(|spoken| now - spoken.at < TRANSCRIPT_WITHIN)
    }

    /// The student wrote.
    pub(crate) fn write(&mut self, text: &str, at: Timestamp) -> Turn {
        let index = self.place();
        self.student(index, ItemId::from(format!("text{index}")), text, at)
    }

    fn student(&mut self, index: u32, item: ItemId, text: &str, at: Timestamp) -> Turn {
        let text = text.to_owned();
        self.remember(index, Speaker::Student, &text);
        Turn {
            index,
            speaker: Speaker::Student,
            item,
            text,
            at,
            heard_ms: None,
            spoken_ms: None,
        }
    }

    /// An answer is final; `None` when nothing of it was heard.
    pub(crate) fn answered(&mut self, answer: &Answer) -> Option<Turn> {
        let spoken_ms = Some(answer.received_ms()).filter(|ms| *ms > 0);
        let heard_ms = spoken_ms.map(|all| answer.cut.map_or(all, |cut| cut.heard_ms));
        let text = match heard_ms {
            Some(ms) => answer.heard_text(ms),
            // Written answers are read as they come.
            None => answer.text(),
        };
        let text = text.trim().to_owned();
        if text.is_empty() {
            return None;
        }
        self.remember(answer.index, Speaker::Tutor, &text);
        Some(Turn {
            index: answer.index,
            speaker: Speaker::Tutor,
            item: answer.item.clone(),
            text,
            at: answer.at,
            heard_ms,
            spoken_ms,
        })
    }

    fn remember(&mut self, index: u32, speaker: Speaker, text: &str) {
        let text = text.chars().take(RESTORED_CHARS).collect();
        let place = self.last.partition_point(|(known, ..)| *known < index);
        self.last.insert(place, (index, speaker, text));
        if self.last.len() > self.remembered {
            self.last.pop_front();
        }
    }

    /// The last turns for a new session, oldest first, with what is playing just now.
    /// Each has its place, among those the session has to hear again.
    pub(crate) fn restored<'a>(
        &self,
        playing: impl Iterator<Item = &'a Answer>,
    ) -> VecDeque<(u32, NewItem)> {
        let mut turns: Vec<_> = self.last.iter().cloned().collect();
        for answer in playing {
            let heard_ms = answer.cut.map_or(answer.received_ms(), |cut| cut.heard_ms);
            let text = answer.heard_text(heard_ms).trim();
            let text: String = text.chars().take(RESTORED_CHARS).collect();
            if !text.is_empty() {
                turns.push((answer.index, Speaker::Tutor, text));
            }
        }
        turns.sort_by_key(|(index, ..)| *index);
        let item = |(index, speaker, text)| match speaker {
            Speaker::Student => (index, NewItem::UserText(text)),
            Speaker::Tutor => (index, NewItem::TutorText(text)),
        };
        turns.into_iter().map(item).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    #[track_caller]
    fn check_restored(turns: &Turns, expected: &[(u32, &str)]) {
        let item = |(index, text): &(u32, &str)| (*index, NewItem::UserText((*text).to_owned()));
        let expected: VecDeque<_> = expected.iter().map(item).collect();
        assert_eq!(turns.restored(std::iter::empty()), expected);
    }

    #[test]
    fn a_late_transcript_keeps_the_place_of_its_speech() {
        let mut turns = Turns::new(12);
        turns.begin_speech(&"a".into(), NOW);
        turns.write("typed", NOW);
        let turn = turns.end_speech(&"a".into(), " spoken ", NOW).unwrap();
        assert_eq!((turn.index, turn.text.as_str()), (0, "spoken"));
        check_restored(&turns, &[(0, "spoken"), (1, "typed")]);
    }

    #[test]
    fn silence_is_no_turn() {
        let mut turns = Turns::new(12);
        turns.begin_speech(&"a".into(), NOW);
        assert!(turns.is_waiting(NOW));
        assert_eq!(turns.end_speech(&"a".into(), " ", NOW), None);
        assert!(!turns.is_waiting(NOW));
    }

    #[test]
    fn what_was_transcribed_before_a_failure_is_kept() {
        let mut turns = Turns::new(12);
        turns.begin_speech(&"a".into(), NOW);
        turns.hear(&"a".into(), "half a");
        assert_eq!(turns.give_up_all(NOW)[0].text, "half a");
    }

    #[test]
    fn only_the_last_turns_are_remembered() {
        let mut turns = Turns::new(2);
        for text in ["a", "b", "c"] {
            turns.write(text, NOW);
        }
        check_restored(&turns, &[(1, "b"), (2, "c")]);
    }
}
