//! Hears by loudness where speech begins and ends.

use super::voice::PER_MS;

/// Samples that are judged at once: 32 ms.
pub(super) const FRAME: usize = 32 * PER_MS;
/// Milliseconds of a frame.
pub(super) const FRAME_MS: u64 = 32;
/// Loud frames in a row that make speech; a click is none.
const LOUD_FRAMES: u64 = 2;

/// What a detector is set to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sense {
    /// 0 to 1: from -60 to -20 dB of full scale.
    pub(super) threshold: f64,
    pub(super) silence_ms: u64,
}

/// Places in ms since the first sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    Began { at_ms: u64 },
    Ended { at_ms: u64 },
}

/// Loudness of frames, and the turns in them.
#[derive(Debug, Default)]
pub(super) struct Vad {
    energy: f64,
    collected: usize,
    frames: u64,
    loud: u64,
    quiet: u64,
    speaking: bool,
}

impl Vad {
    /// Forgets a turn that has begun.
    pub(super) fn reset(&mut self) {
        self.loud = 0;
        self.quiet = 0;
        self.speaking = false;
    }

    /// Listens on; every whole frame's loudness (mean square) goes to `loudness`.
    pub(super) fn listen(
        &mut self,
        samples: &[i16],
        sense: Option<Sense>,
        mut loudness: impl FnMut(f32),
    ) -> Vec<Turn> {
        let mut turns = Vec::new();
        for &sample in samples {
            self.energy += f64::from(sample) * f64::from(sample);
            self.collected += 1;
            if self.collected == FRAME {
                let mean = self.energy / FRAME_F64;
                (self.energy, self.collected) = (0.0, 0);
                self.frames += 1;
                #[expect(clippy::cast_possible_truncation, reason = "a loudness, not a count")]
                loudness(mean as f32);
                turns.extend(sense.and_then(|sense| self.judge(mean, sense)));
            }
        }
        turns
    }

    fn judge(&mut self, mean: f64, sense: Sense) -> Option<Turn> {
        let now_ms = self.frames * FRAME_MS;
        if mean >= level(sense.threshold) {
            self.loud += 1;
            self.quiet = 0;
            let begins = !self.speaking && self.loud == LOUD_FRAMES;
            self.speaking |= begins;
            return begins.then(|| Turn::Began {
                at_ms: now_ms - LOUD_FRAMES * FRAME_MS,
            });
        }
        self.loud = 0;
        self.quiet += 1;
        if self.speaking && self.quiet * FRAME_MS >= sense.silence_ms {
            self.speaking = false;
            return Some(Turn::Ended { at_ms: now_ms });
        }
        None
    }
}

#[expect(clippy::cast_precision_loss, reason = "768")]
const FRAME_F64: f64 = FRAME as f64;

/// The mean square of a frame that is just speech.
fn level(threshold: f64) -> f64 {
    let decibels = -60.0 + 40.0 * threshold;
    let full = f64::from(i16::MAX);
    full * full * 10f64.powf(decibels / 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turns(parts: &[(i16, u64)], silence_ms: u64) -> Vec<Turn> {
        let sense = Sense {
            threshold: 0.5,
            silence_ms,
        };
        let mut vad = Vad::default();
        let mut turns = Vec::new();
        for &(level, ms) in parts {
            let samples = vec![level; usize::try_from(ms).unwrap() * PER_MS];
            // However it is cut.
            for piece in samples.chunks(101) {
                turns.extend(vad.listen(piece, Some(sense), |_| ()));
            }
        }
        turns
    }

    #[test]
    fn a_turn_ends_after_the_silence_asked_for() {
        let parts = [(0, 320), (3000, 640), (0, 1600)];
        let turn = [Turn::Began { at_ms: 320 }, Turn::Ended { at_ms: 1184 }];
        assert_eq!(turns(&parts, 200), turn);
        let later = [Turn::Began { at_ms: 320 }, Turn::Ended { at_ms: 1472 }];
        assert_eq!(turns(&parts, 500), later);
    }

    #[test]
    fn a_short_pause_ends_no_turn_and_a_click_begins_none() {
        let parts = [
            (0, 64),
            (3000, 32),
            (0, 64),
            (3000, 320),
            (0, 160),
            (3000, 320),
        ];
        assert_eq!(turns(&parts, 500), [Turn::Began { at_ms: 160 }]);
    }

    #[test]
    fn whispers_are_no_speech() {
        assert_eq!(turns(&[(200, 1600)], 200), []);
    }
}
