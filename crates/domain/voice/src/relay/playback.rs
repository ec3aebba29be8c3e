//! What is playing on the device, as far as can be known from here.
//!
//! Sound comes faster than it plays, so an answer lives on after the model has finished it: until
//! it was heard, or cut. What was heard is what the device says (`played`); without that, what was
//! sent minus what the clock says cannot have played yet.

use std::collections::VecDeque;

use chrono::TimeDelta;
use kernel::Timestamp;

use crate::relay::answer::{Answer, Cut, Sound, ms, sounding};
use crate::{ItemId, ResponseId};

/// How long after a cut the device may still correct what it played.
const CONFIRM_WITHIN: TimeDelta = TimeDelta::seconds(1);
/// A device that reports may be slower than the clock by this much before the clock wins.
const REPORT_GRACE: TimeDelta = TimeDelta::seconds(2);

pub(crate) struct Playback {
    /// In the order they play.
    answers: VecDeque<Answer>,
    /// When all that was sent will have played, if nothing stalls.
    plays_until: Timestamp,
}

/// What became of an answer that was talked over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Interruption {
    pub(crate) item: ItemId,
    pub(crate) content_index: u32,
    pub(crate) heard_ms: u32,
    /// Sound the model believes was heard.
    pub(crate) received_ms: u32,
    pub(crate) connection: u32,
}

/// A correction of an earlier [`Interruption`].
pub(crate) type Correction = Interruption;

impl Playback {
    pub(crate) const fn new(now: Timestamp) -> Self {
        Self {
            answers: VecDeque::new(),
            plays_until: now,
        }
    }

    /// The answer of this item, begun where there is none yet.
    pub(crate) fn find_or_begin(
        &mut self,
        item: &ItemId,
        begin: impl FnOnce() -> Answer,
    ) -> &mut Answer {
        let at = self.answers.iter().rposition(|answer| answer.item == *item);
        let at = at.unwrap_or_else(|| {
            self.answers.push_back(begin());
            self.answers.len() - 1
        });
        &mut self.answers[at]
    }

    pub(crate) fn find(&mut self, item: &ItemId) -> Option<&mut Answer> {
        self.answers.iter_mut().rfind(|answer| answer.item == *item)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.answers.is_empty()
    }

    pub(crate) const fn plays_until(&self) -> Timestamp {
        self.plays_until
    }

    /// `bytes` of the model's sound were passed on.
    pub(crate) fn sent(&mut self, item: &ItemId, bytes: u64, now: Timestamp) {
        self.plays_until = self.plays_until.max(now) + sounding(bytes);
        if let Some(answer) = self.find(item) {
            answer.sent += bytes;
        }
    }

    /// No more sound of this item will come.
    pub(crate) fn complete(&mut self, item: &ItemId) {
        if let Some(answer) = self.find(item)
            && answer.sound == Sound::Coming
        {
            answer.sound = Sound::Complete;
        }
    }

    /// The response is over; what has no end yet ends here. A model that was stopped says of its
    /// sound that it is done, too.
    pub(crate) fn close_response(&mut self, response: &ResponseId, end: Sound) {
        let ends = |sound| sound == Sound::Coming || end == Sound::BrokenOff;
        let of_it = self.answers.iter_mut().filter(|a| a.response == *response);
        of_it
            .filter(|answer| ends(answer.sound))
            .for_each(|answer| answer.sound = end);
    }

    /// The connection is lost: no more sound of any answer will come.
    pub(crate) fn break_off(&mut self) {
        let open = self.answers.iter_mut().filter(|a| a.sound == Sound::Coming);
        open.for_each(|answer| answer.sound = Sound::BrokenOff);
    }

    /// The student speaks: everything not yet heard is cut. `unsent` is sound queued on our side.
    /// Answers of which nothing came are forgotten.
    pub(crate) fn interrupt(&mut self, now: Timestamp, unsent: TimeDelta) -> Vec<Interruption> {
        let mut unheard = (self.plays_until - now).max(unsent).max(TimeDelta::zero());
        let mut cut = Vec::new();
        for answer in self.answers.iter_mut().rev().filter(|a| a.cut.is_none()) {
            let heard_ms = heard(answer, unheard, now);
            unheard = (unheard - sounding(answer.sent)).max(TimeDelta::zero());
            let received_ms = answer.received_ms();
            if answer.sound == Sound::Complete && heard_ms >= received_ms {
                continue;
            }
            answer.cut = Some(Cut { heard_ms, at: now });
            cut.push(Interruption {
                item: answer.item.clone(),
                content_index: answer.content_index,
                heard_ms,
                received_ms,
                connection: answer.connection,
            });
        }
        self.plays_until = now;
        cut.reverse();
        cut
    }

    /// The device says how much it played. After a cut it may only lower what counts as heard.
    pub(crate) fn played(&mut self, item: &ItemId, ms: u32, now: Timestamp) -> Option<Correction> {
        let at = self
            .answers
            .iter()
            .position(|answer| answer.item == *item)?;
        let earlier = self.answers.iter_mut().take(at).filter(|a| a.cut.is_none());
        earlier.for_each(|answer| answer.played = Some((answer.received_ms(), now)));
        let answer = &mut self.answers[at];
        let ms = ms.min(answer.received_ms());
        let Some(cut) = answer.cut else {
            answer.played = Some((ms, now));
            return None;
        };
        let heard_ms = ms.min(cut.heard_ms);
        answer.cut = Some(Cut {
            heard_ms,
            at: now - CONFIRM_WITHIN,
        });
        (heard_ms < cut.heard_ms).then(|| Interruption {
            item: answer.item.clone(),
            content_index: answer.content_index,
            heard_ms,
            received_ms: answer.received_ms(),
            connection: answer.connection,
        })
    }

    /// The next answer that is final: heard to its end, or cut and confirmed.
    pub(crate) fn pop_final(&mut self, now: Timestamp) -> Option<Answer> {
        let done = self.final_at().is_some_and(|at| at <= now);
        if done { self.answers.pop_front() } else { None }
    }

    /// When the first answer will be final, if nothing else happens.
    pub(crate) fn final_at(&self) -> Option<Timestamp> {
        let (first, rest) = (self.answers.front()?, self.answers.iter().skip(1));
        if let Some(cut) = first.cut {
            return Some(cut.at + CONFIRM_WITHIN);
        }
        if first.sound == Sound::Coming {
            return None;
        }
        let later: u64 = rest
            .filter(|a| a.cut.is_none())
            .map(|answer| answer.sent)
            .sum();
        let by_clock = self.plays_until - sounding(later);
        Some(match first.played {
            Some((ms, at)) if ms >= first.sent_ms() => at,
            Some((_, at)) => by_clock.max(at) + REPORT_GRACE,
            None => by_clock,
        })
    }

    /// It is over: every answer becomes final as it stands.
    pub(crate) fn finish(&mut self, now: Timestamp, unsent: TimeDelta) -> Vec<Answer> {
        self.break_off();
        self.interrupt(now, unsent);
        self.answers.drain(..).collect()
    }

    /// All answers not final yet.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Answer> {
        self.answers.iter()
    }
}

/// What was heard of an answer of which `unheard` of the sound behind its start has not played.
fn heard(answer: &Answer, unheard: TimeDelta, now: Timestamp) -> u32 {
    let unheard_ms = u32::try_from(unheard.num_milliseconds()).unwrap_or(u32::MAX);
    let by_clock = answer.sent_ms().saturating_sub(unheard_ms);
    match answer.played {
        // Its end was due long ago and the device has gone silent about it.
        Some((_, at)) if unheard.is_zero() && now - at > REPORT_GRACE => by_clock,
        Some((ms, _)) => ms,
        None => by_clock,
    }
    .min(ms(answer.received))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + TimeDelta::milliseconds(ms)
    }

    /// Answers that came whole at time 0, so many milliseconds long.
    fn playing(lengths: &[u64]) -> Playback {
        let mut playback = Playback::new(at(0));
        for (n, ms) in lengths.iter().enumerate() {
            let item = ItemId::from(n.to_string());
            let index = u32::try_from(n).unwrap();
            let mut answer = Answer::new(item.clone(), "r".into(), index, at(0));
            answer.received = ms * 48;
            answer.sound = Sound::Complete;
            playback.find_or_begin(&item, || answer);
            playback.sent(&item, ms * 48, at(0));
        }
        playback
    }

    fn cuts(playback: &mut Playback, now: i64, unsent: i64) -> Vec<(String, u32)> {
        let cut = playback.interrupt(at(now), TimeDelta::milliseconds(unsent));
        cut.into_iter()
            .map(|i| (i.item.to_string(), i.heard_ms))
            .collect()
    }

    #[test]
    fn without_a_report_the_clock_tells_what_was_heard() {
        assert_eq!(
            cuts(&mut playing(&[3_000]), 1_200, 0),
            [("0".to_owned(), 1_200)]
        );
    }

    #[test]
    fn what_is_still_queued_here_was_not_heard() {
        assert_eq!(
            cuts(&mut playing(&[3_000]), 1_200, 2_500),
            [("0".to_owned(), 500)]
        );
    }

    #[test]
    fn a_report_wins_over_the_clock_and_never_exceeds_what_came() {
        let mut playback = playing(&[3_000]);
        playback.played(&"0".into(), 700, at(900));
        assert_eq!(cuts(&mut playback, 1_200, 0), [("0".to_owned(), 700)]);
        let mut playback = playing(&[3_000]);
        playback.played(&"0".into(), 9_000, at(900));
        assert!(
            cuts(&mut playback, 1_200, 0).is_empty(),
            "all of it was heard"
        );
    }

    #[test]
    fn answers_play_one_after_the_other() {
        let expected = [("1".to_owned(), 500), ("2".to_owned(), 0)];
        assert_eq!(
            cuts(&mut playing(&[1_000, 1_000, 1_000]), 1_500, 0),
            expected
        );
    }

    #[test]
    fn sound_that_came_late_plays_late() {
        let mut playback = playing(&[1_000]);
        playback.find(&"0".into()).unwrap().received = 2_000 * 48;
        playback.sent(&"0".into(), 48_000, at(5_000));
        assert_eq!(cuts(&mut playback, 5_300, 0), [("0".to_owned(), 1_300)]);
    }

    #[test]
    fn a_device_may_lower_what_it_heard_after_the_cut_and_not_raise_it() {
        let mut playback = playing(&[3_000]);
        cuts(&mut playback, 1_200, 0);
        let lower = playback.played(&"0".into(), 900, at(1_300)).unwrap();
        assert_eq!(lower.heard_ms, 900);
        assert!(playback.played(&"0".into(), 1_900, at(1_400)).is_none());
        assert_eq!(
            playback.pop_final(at(1_400)).unwrap().cut.unwrap().heard_ms,
            900
        );
    }

    #[test]
    fn an_answer_is_final_when_it_has_played() {
        let mut playback = playing(&[1_000, 500]);
        assert_eq!(playback.final_at(), Some(at(1_000)));
        assert!(playback.pop_final(at(999)).is_none());
        assert!(playback.pop_final(at(1_000)).is_some());
        assert_eq!(playback.final_at(), Some(at(1_500)));
    }

    #[test]
    fn a_report_of_a_later_answer_means_the_earlier_ones_were_heard() {
        let mut playback = playing(&[1_000, 500]);
        playback.played(&"1".into(), 10, at(600));
        assert!(playback.pop_final(at(600)).is_some());
    }
}
