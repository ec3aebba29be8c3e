//! One answer of the tutor: how much of it came, how much was heard, and which words those were.

use chrono::TimeDelta;
use kernel::Timestamp;

use crate::{ItemId, ResponseId};

/// Bytes of PCM16 at 24 kHz in a millisecond.
pub(crate) const BYTES_PER_MS: u64 = 48;
/// Nobody speaks faster: what was heard of an unfinished answer holds no more characters a second.
const MAX_CHARS_PER_S: u64 = 25;

/// An answer that came at least in part and is not final yet.
pub(crate) struct Answer {
    pub(crate) item: ItemId,
    pub(crate) response: ResponseId,
    pub(crate) content_index: u32,
    /// Its place in the transcript.
    pub(crate) index: u32,
    pub(crate) at: Timestamp,
    /// Bytes of sound from the model.
    pub(crate) received: u64,
    /// Bytes of sound passed on, counted as the model's.
    pub(crate) sent: u64,
    pub(crate) sound: Sound,
    /// The connection it came over: what it left behind cannot be changed over another one.
    pub(crate) connection: u32,
    /// What the device said it played, and when it said so.
    pub(crate) played: Option<(u32, Timestamp)>,
    pub(crate) cut: Option<Cut>,
    words: Words,
}

/// Whether more sound will come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sound {
    Coming,
    Complete,
    /// The connection was lost in the middle.
    BrokenOff,
}

/// The student spoke over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cut {
    pub(crate) heard_ms: u32,
    pub(crate) at: Timestamp,
}

#[derive(Default)]
struct Words {
    text: String,
    /// Bytes of sound that had come when the text from this place on came. Both grow.
    marks: Vec<(u64, usize)>,
}

impl Answer {
    pub(crate) fn new(item: ItemId, response: ResponseId, index: u32, at: Timestamp) -> Self {
        Self {
            item,
            response,
            content_index: 0,
            index,
            at,
            received: 0,
            sent: 0,
            sound: Sound::Coming,
            connection: 0,
            played: None,
            cut: None,
            words: Words::default(),
        }
    }

    pub(crate) fn received_ms(&self) -> u32 {
        ms(self.received)
    }

    pub(crate) fn sent_ms(&self) -> u32 {
        ms(self.sent)
    }

    pub(crate) fn say(&mut self, text: &str) {
        self.words.push(text, self.received);
    }

    /// All the words at once; what deltas brought of them keeps its marks.
    pub(crate) fn said(&mut self, text: &str) {
        let rest = text.strip_prefix(self.words.text.as_str());
        if let Some(rest) = rest.filter(|rest| !rest.is_empty()) {
            self.words.push(rest, self.received);
        }
    }

    /// All words that came.
    pub(crate) fn text(&self) -> &str {
        &self.words.text
    }

    /// The words in the first `heard_ms` of sound, whole words only, rather one too few than one
    /// too many.
    ///
    /// Models send words before their sound, some by a second and more. So of a complete answer no
    /// more counts than if it were spoken evenly, and no more than had come when that sound came:
    /// a piece of text that came when `r` of the sound had come is not spoken before `r`. Of an
    /// unfinished answer, whose last words may have no sound yet, they are taken to run ahead as far
    /// as they did at its beginning, and no more counts than can be spoken.
    pub(crate) fn heard_text(&self, heard_ms: u32) -> &str {
        let heard = u64::from(heard_ms) * BYTES_PER_MS;
        let complete = self.sound == Sound::Complete;
        if complete && heard_ms >= self.received_ms() {
            return &self.words.text;
        }
        let (words, received) = (&self.words, self.received);
        let evenly = share(words.text.len(), heard, received);
        let by_marks = words.spoken_by(heard, received);
        let spoken = match complete {
            true if words.trail() => evenly,
            true => evenly.min(by_marks),
            false => {
                let behind_lead = by_marks.saturating_sub(words.lead(received));
                words.cap(evenly.min(behind_lead), heard_ms)
            }
        };
        whole_words(&self.words.text, spoken)
    }
}

impl Words {
    fn push(&mut self, text: &str, received: u64) {
        if self.marks.last().is_none_or(|(came, _)| *came < received) {
            self.marks.push((received, self.text.len()));
        }
        self.text.push_str(text);
    }

    /// Whether sound came before the first word.
    fn trail(&self) -> bool {
        self.marks.first().is_some_and(|(came, _)| *came > 0)
    }

    /// Bytes of text by which the words run ahead: what came before the first sound and is more
    /// than comes with as much sound later.
    fn lead(&self, received: u64) -> usize {
        let [(0, _), (came, with_sound), ..] = self.marks[..] else {
            return 0;
        };
        let later = self.text.len() - with_sound;
        let usual = later as u128 * u128::from(came) / u128::from((received - came).max(1));
        with_sound.saturating_sub(usize::try_from(usual).unwrap_or(usize::MAX))
    }

    /// Bytes of text spoken when `heard` of `received` bytes of sound were.
    fn spoken_by(&self, heard: u64, received: u64) -> usize {
        let begun = self.marks.partition_point(|(came, _)| *came < heard);
        let Some((from, start)) = begun.checked_sub(1).map(|last| self.marks[last]) else {
            return 0;
        };
        let end = (received.max(from), self.text.len());
        let (to, stop) = self.marks.get(begun).copied().unwrap_or(end);
        start + share(stop - start, heard - from, to - from)
    }

    fn cap(&self, bytes: usize, heard_ms: u32) -> usize {
        let chars = u64::from(heard_ms) * MAX_CHARS_PER_S / 1_000;
        let chars = usize::try_from(chars).unwrap_or(usize::MAX);
        let end = self.text.char_indices().nth(chars).map(|(at, _)| at);
        bytes.min(end.unwrap_or(self.text.len()))
    }
}

fn share(len: usize, part: u64, whole: u64) -> usize {
    if part >= whole {
        return len;
    }
    let share = len as u128 * u128::from(part) / u128::from(whole.max(1));
    usize::try_from(share).unwrap_or(len)
}

/// The longest front of `text` of at most `bytes` that ends between words; in a text without
/// spaces, between characters.
fn whole_words(text: &str, bytes: usize) -> &str {
    if bytes >= text.len() {
        return text;
    }
    let cut = &text[..text.floor_char_boundary(bytes)];
    if text[cut.len()..].starts_with(char::is_whitespace) || !text.contains(char::is_whitespace) {
        return cut.trim_end();
    }
    let end = cut.rfind(char::is_whitespace).unwrap_or(0);
    cut[..end].trim_end()
}

pub(crate) fn ms(bytes: u64) -> u32 {
    u32::try_from(bytes / BYTES_PER_MS).unwrap_or(u32::MAX)
}

/// How long so many bytes sound.
pub(crate) fn sounding(bytes: u64) -> TimeDelta {
    TimeDelta::microseconds(i64::try_from(bytes * 125 / 6).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 48_000;

    fn answer() -> Answer {
        Answer::new("i".into(), "r".into(), 0, Timestamp::UNIX_EPOCH)
    }

    /// Each word comes just before its second of sound.
    fn interleaved(words: &[&str]) -> Answer {
        let mut answer = answer();
        for word in words {
            answer.say(word);
            answer.received += SECOND;
        }
        answer
    }

    #[track_caller]
    fn check(answer: &Answer, heard_ms: u32, expected: &str) {
        assert_eq!(answer.heard_text(heard_ms), expected, "{heard_ms} ms");
    }

    #[test]
    fn only_words_whose_sound_was_heard_count() {
        let mut answer = interleaved(&["one", " two", " three", " four"]);
        answer.sound = Sound::Complete;
        check(&answer, 0, "");
        check(&answer, 999, "");
        check(&answer, 1_000, "one");
        check(&answer, 2_500, "one two");
        check(&answer, 4_000, "one two three four");
    }

    #[test]
    fn a_text_that_came_first_is_spread_over_the_sound() {
        let mut answer = answer();
        answer.said("aaaa bbbb cccc dddd ");
        answer.received = 4 * SECOND;
        answer.sound = Sound::Complete;
        check(&answer, 2_000, "aaaa bbbb");
    }

    #[test]
    fn a_text_that_came_last_is_spread_over_the_sound() {
        let mut answer = answer();
        answer.received = 4 * SECOND;
        answer.sound = Sound::Complete;
        answer.said("aaaa bbbb cccc dddd ");
        check(&answer, 2_000, "aaaa bbbb");
    }

    #[test]
    fn of_an_unfinished_answer_no_more_counts_than_can_be_spoken() {
        let mut answer = answer();
        answer.said(&"word ".repeat(100));
        answer.received = SECOND;
        check(&answer, 1_000, "word word word word word");
    }

    #[test]
    fn words_that_ran_ahead_of_their_sound_do_not_count() {
        let ahead = |sound| {
            let mut answer = interleaved(&["aa bb", " cc", " dd", " ee", " ff", " gg"]);
            answer.sound = sound;
            answer
        };
        check(&ahead(Sound::Complete), 3_000, "aa bb cc");
        check(&ahead(Sound::BrokenOff), 3_000, "aa bb cc");
        check(&ahead(Sound::BrokenOff), 900, "aa");
    }

    #[test]
    fn a_text_without_spaces_is_cut_between_characters() {
        let mut answer = answer();
        answer.said("光合作用");
        answer.received = 4 * SECOND;
        answer.sound = Sound::Complete;
        check(&answer, 2_000, "光合");
        check(&answer, 2_100, "光合");
    }

    #[test]
    fn the_whole_text_adds_what_the_pieces_lacked() {
        let mut answer = interleaved(&["one", " two"]);
        answer.said("one two three");
        assert_eq!(answer.text(), "one two three");
    }
}
