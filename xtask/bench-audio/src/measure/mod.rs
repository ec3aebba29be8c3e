//! What is measured.

mod delay;
mod effort;
mod response;

pub(crate) use delay::delay_ms;
pub(crate) use effort::{Build, allocations_per_frame, instructions_per_sample};
pub(crate) use response::Response;

use crate::FRAME_IN;
use crate::INPUT_HZ;
use crate::peers::Entry;
use std::f64::consts::TAU;

/// What a tone of amplitude 1 becomes, from the first output sample on.
fn answer(entry: &Entry, hz: f64, frames: usize) -> anyhow::Result<Vec<f32>> {
    let mut peer = (entry.start)()?;
    let mut output = Vec::new();
    for frame in 0..frames {
        let input: [f32; FRAME_IN] = std::array::from_fn(|i| {
            (TAU * hz * (frame * FRAME_IN + i) as f64 / INPUT_HZ).sin() as f32
        });
        peer.frame(&input, &mut output)?;
    }
    Ok(output)
}

/// The component at `hz` of samples that start at output sample `first`, as (cosine, sine).
fn component(samples: &[f32], first: usize, hz: f64, rate_hz: f64) -> (f64, f64) {
    let (mut cosine, mut sine, mut weights) = (0.0, 0.0, 0.0);
    for (i, sample) in samples.iter().enumerate() {
        let weight = window(i, samples.len());
        let angle = TAU * hz * (first + i) as f64 / rate_hz;
        cosine += weight * f64::from(*sample) * angle.cos();
        sine += weight * f64::from(*sample) * angle.sin();
        weights += weight;
    }
    (2.0 * cosine / weights, 2.0 * sine / weights)
}

/// The fourth power of a Hann window: a strong tone does not hide a weak one.
fn window(i: usize, len: usize) -> f64 {
    (TAU / 2.0 * (i as f64 + 0.5) / len as f64).sin().powi(8)
}

fn decibels(amplitude: f64) -> f64 {
    20.0 * amplitude.max(1e-10).log10()
}
