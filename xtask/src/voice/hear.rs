//! What a phone's loudspeaker has played: sound comes faster than it is heard.

use std::time::{Duration, Instant};

use super::sound::ANSWER_RATE;

/// Plays in real time, into memory.
#[derive(Default)]
pub(super) struct Loudspeaker {
    heard: Vec<i16>,
    queued: Vec<i16>,
    item: Option<String>,
    /// Samples of the current item that were heard.
    item_heard: usize,
    /// When the next queued sample is heard; `None` while nothing plays.
    next: Option<Instant>,
}

impl Loudspeaker {
    /// PCM16 came.
    pub(super) fn take(&mut self, bytes: &[u8], now: Instant) {
        let samples = bytes.as_chunks::<2>().0.iter();
        self.queued
            .extend(samples.map(|sample| i16::from_le_bytes(*sample)));
        self.next.get_or_insert(now);
    }

    /// What comes from now on belongs to this item.
    pub(super) fn begin(&mut self, item: &str, now: Instant) {
        self.play(now);
        self.item = Some(item.to_owned());
        self.item_heard = 0;
    }

    /// Moves on to `now`.
    pub(super) fn play(&mut self, now: Instant) {
        let Some(next) = self.next else { return };
        let due = samples_in(now.saturating_duration_since(next)).min(self.queued.len());
        self.heard.extend(self.queued.drain(..due));
        self.item_heard += due;
        self.next = (!self.queued.is_empty()).then(|| next + length_of(due));
    }

    /// Forgets what is not heard yet.
    pub(super) fn stop(&mut self, now: Instant) {
        self.play(now);
        self.queued.clear();
        self.next = None;
    }

    /// Whether anything is still to be heard.
    pub(super) fn is_playing(&self) -> bool {
        !self.queued.is_empty()
    }

    /// The current item and the milliseconds heard of it.
    pub(super) fn position(&self) -> Option<(&str, u128)> {
        let item = self.item.as_deref()?;
        Some((item, length_of(self.item_heard).as_millis()))
    }

    /// All that was heard.
    pub(super) fn into_heard(self) -> Vec<i16> {
        self.heard
    }
}

fn samples_in(time: Duration) -> usize {
    let samples = time.as_nanos() * u128::from(ANSWER_RATE) / 1_000_000_000;
    usize::try_from(samples).unwrap_or(usize::MAX)
}

fn length_of(samples: usize) -> Duration {
    let samples = u64::try_from(samples).unwrap_or(u64::MAX);
    Duration::from_nanos(samples.saturating_mul(1_000_000_000) / u64::from(ANSWER_RATE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_stopped_before_it_played_is_not_heard() {
        let begun = Instant::now();
        let mut speaker = Loudspeaker::default();
        speaker.begin("item_1", begun);
        speaker.take(&vec![0; 48_000], begun);
        speaker.play(begun + Duration::from_millis(250));
        assert_eq!(speaker.position(), Some(("item_1", 250)));
        speaker.stop(begun + Duration::from_millis(300));
        assert!(!speaker.is_playing());
        speaker.play(begun + Duration::from_secs(9));
        assert_eq!(speaker.into_heard().len(), 7_200);
    }
}
