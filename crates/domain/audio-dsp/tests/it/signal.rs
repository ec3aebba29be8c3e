//! Closed-form signals and what is left of them.

use audio_dsp::{Conversion, Quality, Resampler};
use std::f64::consts::TAU;

pub(crate) const FILTERS: [Quality; 2] = [Quality::Voice, Quality::High];

/// Every conversion at every quality of the filter.
pub(crate) fn filters() -> impl Iterator<Item = (Conversion, Quality)> {
    Conversion::ALL
        .into_iter()
        .flat_map(|conversion| FILTERS.map(|quality| (conversion, quality)))
}

/// `len` samples of a tone of amplitude 1 that passes zero at `start_s` seconds.
pub(crate) fn tone(hz: f64, rate_hz: u32, len: usize, start_s: f64) -> Vec<f32> {
    (0..len)
        .map(|i| (TAU * hz * (i as f64 / f64::from(rate_hz) - start_s)).sin() as f32)
        .collect()
}

/// The whole output, tail included.
pub(crate) fn convert(conversion: Conversion, quality: Quality, input: &[f32]) -> Vec<f32> {
    let mut resampler = Resampler::new(conversion, quality);
    let mut output = Vec::new();
    resampler.process_into(input, &mut output);
    resampler.flush_into(&mut output);
    output
}

/// A quarter of a second of `hz`, converted, with the ends cut off where the filter meets silence.
pub(crate) fn steady(conversion: Conversion, quality: Quality, hz: f64) -> Vec<f32> {
    let input = tone(
        hz,
        conversion.input_hz(),
        conversion.input_hz() as usize / 4,
        0.0,
    );
    let output = convert(conversion, quality, &input);
    let edge = conversion.output_hz() as usize / 100;
    output[edge..output.len() - 2 * edge].to_vec()
}

/// Amplitude of the component at `hz`.
pub(crate) fn amplitude(samples: &[f32], hz: f64, rate_hz: u32) -> f64 {
    let (mut re, mut im, mut weights) = (0.0, 0.0, 0.0);
    for (i, sample) in samples.iter().enumerate() {
        let weight = hann(i, samples.len());
        let angle = TAU * hz * i as f64 / f64::from(rate_hz);
        re += weight * f64::from(*sample) * angle.cos();
        im += weight * f64::from(*sample) * angle.sin();
        weights += weight;
    }
    2.0 * re.hypot(im) / weights
}

/// Squared: side lobes fall below anything looked for here.
fn hann(i: usize, len: usize) -> f64 {
    (TAU / 2.0 * (i as f64 + 0.5) / len as f64).sin().powi(8)
}

pub(crate) fn decibels(ratio: f64) -> f64 {
    20.0 * ratio.max(1e-12).log10()
}

pub(crate) fn bits(samples: &[f32]) -> Vec<u32> {
    samples.iter().map(|sample| sample.to_bits()).collect()
}
