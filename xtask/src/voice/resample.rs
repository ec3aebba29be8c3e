//! From any rate to another, all at once: a windowed sinc. For a file that is said once, precision
//! and brevity matter more than speed.

use std::f64::consts::PI;

/// Zero crossings of the sinc on each side.
const CROSSINGS: f64 = 24.0;
/// The band that is kept, of what both rates can hold.
const KEPT: f64 = 0.94;

/// The same sound at another rate.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "places in a recording of at most hours"
)]
pub(super) fn resample(samples: &[f32], from: u32, to: u32) -> Vec<f32> {
    if from == to || from == 0 {
        return samples.to_vec();
    }
    let step = f64::from(from) / f64::from(to);
    let band = KEPT * (1.0 / step).min(1.0);
    let reach = CROSSINGS / band;
    let length = (samples.len() as f64 / step).round() as usize;
    let sample = |at: usize| {
        let centre = at as f64 * step;
        let first = (centre - reach).ceil().max(0.0) as usize;
        let last = ((centre + reach).floor() as usize).min(samples.len().saturating_sub(1));
        let near = first..=last;
        let sum: f64 = near
            .map(|n| f64::from(samples[n]) * weight(n as f64 - centre, band, reach))
            .sum();
        sum as f32
    };
    (0..length).map(sample).collect()
}

fn weight(distance: f64, band: f64, reach: f64) -> f64 {
    let turn = PI * distance * band;
    let sinc = if turn.abs() < 1e-9 {
        1.0
    } else {
        turn.sin() / turn
    };
    let window = 0.5 + 0.5 * (PI * distance / reach).cos();
    band * sinc * window
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "a test signal"
    )]
    fn tone(rate: u32) -> Vec<f32> {
        let turn = |n: usize| (n as f64 * 440.0 * 2.0 * PI / f64::from(rate)).sin();
        (0..rate as usize / 5).map(|n| turn(n) as f32).collect()
    }

    #[test]
    fn a_tone_stays_the_same_tone_at_each_rate() {
        for rate in [8_000, 11_025, 22_050, 44_100, 48_000] {
            let (made, wanted) = (resample(&tone(rate), rate, 16_000), tone(16_000));
            assert_eq!(made.len(), wanted.len());
            let middle = 400..wanted.len() - 400;
            let worst = middle
                .map(|n| (made[n] - wanted[n]).abs())
                .fold(0.0, f32::max);
            assert!(worst < 0.002, "{rate} Hz: off by {worst}");
        }
    }
}
