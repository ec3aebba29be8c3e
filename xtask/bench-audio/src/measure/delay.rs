use super::{answer, component};
use crate::peers::Entry;
use crate::{FRAME_IN, FRAME_OUT, OUTPUT_HZ};
use std::f64::consts::TAU;

const FRAMES: usize = 60;

/// How much later a sound leaves than it entered, in ms: how far the output stream is shifted
/// against the input, and how much of it at worst has not come out when its last input is in.
pub(crate) fn delay_ms(entry: &Entry) -> anyhow::Result<f64> {
    Ok(shift_ms(entry)? + held_back(entry)? as f64 / OUTPUT_HZ * 1e3)
}

/// In output samples.
fn held_back(entry: &Entry) -> anyhow::Result<usize> {
    let mut peer = (entry.start)()?;
    let mut output = Vec::new();
    let mut worst = 0;
    for frame in 1..=FRAMES {
        peer.frame(&[0.25; FRAME_IN], &mut output)?;
        worst = worst.max((frame * FRAME_OUT).saturating_sub(output.len()));
    }
    Ok(worst)
}

/// Group delay from the phases of two neighbouring tones.
fn shift_ms(entry: &Entry) -> anyhow::Result<f64> {
    let (low, high) = (1_000.0, 1_015.0);
    let turn = phase(entry, low)? - phase(entry, high)?;
    let turn = turn - TAU * (turn / TAU).round();
    Ok(turn / (TAU * (high - low)) * 1e3)
}

fn phase(entry: &Entry, hz: f64) -> anyhow::Result<f64> {
    let samples = answer(entry, hz, FRAMES)?;
    let first = 8 * FRAME_OUT;
    let (cosine, sine) = component(&samples[first..][..40 * FRAME_OUT], first, hz, OUTPUT_HZ);
    Ok(cosine.atan2(sine))
}
