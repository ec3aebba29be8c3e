//! What the simulated model's speech sounds like, and how a test knows it again.
//!
//! Syllables of changing pitch with pauses between words, 24 kHz PCM16. The two lowest bits of the
//! 24 samples of every millisecond carry the answer's number, the millisecond's place in the answer
//! and a check, so [`spans`] tells of any piece of sound which part of which answer it is.

use std::f32::consts::TAU;

/// Samples a second.
pub const RATE: u32 = 24_000;

/// Samples of a millisecond.
pub const PER_MS: usize = 24;

const SYLLABLE_MS: u32 = 160;

/// Milliseconds of one answer that follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The answer's number, counted from 1 in the simulator; its lowest 16 bits.
    pub answer: u32,
    /// The first millisecond.
    pub from_ms: u32,
    /// Behind the last millisecond.
    pub to_ms: u32,
}

/// The speech of an answer from `from_ms`, `length_ms` long.
pub fn speech(answer: u32, from_ms: u32, length_ms: u32) -> Vec<i16> {
    let mut samples = Vec::with_capacity(length_ms as usize * PER_MS);
    for ms in from_ms..from_ms.saturating_add(length_ms) {
        let mark = mark(answer, ms);
        for at in 0..PER_MS {
            let bits = (mark >> (2 * at)) & 3;
            // Two bits fit any integer.
            let bits = i16::try_from(bits).unwrap_or_default();
            samples.push((sound(answer, ms, at) & !3) | bits);
        }
    }
    samples
}

/// Which answers' milliseconds are heard, in order. Sound that is none, or was changed on its way,
/// is passed over; a millisecond cut in two is lost.
pub fn spans(samples: &[i16]) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    let mut rest = samples;
    while let Some(block) = rest.first_chunk::<PER_MS>() {
        let Some((answer, ms)) = read(block) else {
            rest = &rest[1..];
            continue;
        };
        rest = &rest[PER_MS..];
        match found.last_mut() {
            Some(span) if span.answer == answer && span.to_ms == ms => span.to_ms += 1,
            _ => found.push(Span {
                answer,
                from_ms: ms,
                to_ms: ms + 1,
            }),
        }
    }
    found
}

/// PCM16 little-endian as samples; an odd last byte is passed over.
pub fn samples(bytes: &[u8]) -> Vec<i16> {
    let pairs = bytes.chunks_exact(2);
    pairs.map(|b| i16::from_le_bytes([b[0], b[1]])).collect()
}

/// Samples as PCM16 little-endian.
pub fn bytes(samples: &[i16]) -> Vec<u8> {
    samples.iter().flat_map(|s| s.to_le_bytes()).collect()
}

/// 16 bits of answer, 18 of millisecond, 14 of check.
fn mark(answer: u32, ms: u32) -> u64 {
    let payload = u64::from(answer & 0xFFFF) | u64::from(ms & 0x3_FFFF) << 16;
    payload | check(payload) << 34
}

fn read(block: &[i16; PER_MS]) -> Option<(u32, u32)> {
    let mark = block.iter().enumerate().fold(0, |mark, (at, sample)| {
        mark | u64::from(sample.unsigned_abs() & 1) << (2 * at)
            | u64::from(sample.to_le_bytes()[0] >> 1 & 1) << (2 * at + 1)
    });
    let payload = mark & ((1 << 34) - 1);
    let answer = u32::try_from(payload & 0xFFFF).ok()?;
    let ms = u32::try_from(payload >> 16).ok()?;
    (mark >> 34 == check(payload)).then_some((answer, ms))
}

/// Never that of silence or of a steady level.
fn check(payload: u64) -> u64 {
    let mixed = (payload ^ 0x5EED).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 50) & 0x3FFF
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "small whole numbers, and a level far below the limits of a sample"
)]
fn sound(answer: u32, ms: u32, at: usize) -> i16 {
    let syllable = ms / SYLLABLE_MS;
    if syllable % 5 == 4 {
        return 0;
    }
    let pitch = 105.0 + 9.0 * ((syllable.wrapping_mul(7) + answer.wrapping_mul(5)) % 13) as f32;
    let within = (ms % SYLLABLE_MS) as usize * PER_MS + at;
    let turn = TAU * pitch * within as f32 / RATE as f32;
    let wave = turn.sin() + 0.5 * (2.0 * turn).sin() + 0.25 * (5.0 * turn).sin();
    let swell = (TAU * 0.5 * within as f32 / (SYLLABLE_MS as usize * PER_MS) as f32).sin();
    (5_000.0 * swell * wave) as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_piece_tells_where_it_is_from() {
        let mut sound = speech(7, 1000, 50);
        sound.drain(..30);
        sound.extend([0; 100]);
        sound.extend(speech(8, 0, 5));
        let span = |answer, from_ms, to_ms| Span {
            answer,
            from_ms,
            to_ms,
        };
        assert_eq!(spans(&sound), [span(7, 1002, 1050), span(8, 0, 5)]);
    }

    #[test]
    fn silence_and_other_sound_are_no_answer() {
        assert_eq!(spans(&[0; 4800]), []);
        assert_eq!(spans(&[-1; 4800]), []);
        let other: Vec<i16> = (0..4800).map(|i: i32| (i * i % 2003) as i16).collect();
        assert_eq!(spans(&other), []);
    }

    #[test]
    fn it_is_loud_enough_to_be_speech() {
        let loudest = speech(1, 0, 1000).iter().map(|s| s.unsigned_abs()).max();
        assert!(loudest.unwrap() > 4000);
    }
}
