//! What a finished filter really does, rounding of its taps included.

use crate::wishes::{RATE_HZ, Wish};
use std::f64::consts::TAU;

/// Taps are kept as multiples of 2⁻³⁰, so that the last digits of a platform's cosine cannot show.
pub const SCALE: f64 = 1_073_741_824.0;

const STEP_HZ: f64 = 2.0;

/// Measured on a grid of 2 Hz.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// Peak to peak up to `flat_hz`, dB.
    pub ripple_db: f64,
    /// Highest gain from `stop_hz` on, dB.
    pub stop_db: f64,
    /// Highest frequency with at least half the power.
    pub half_power_hz: f64,
}

/// The response of `taps` (centre first, scaled) against the edges of `wish`.
#[must_use]
pub fn measure(taps: &[i32], wish: &Wish) -> Measured {
    let responses: Vec<(f64, f64)> = (0..=12_000u16)
        .map(|i| f64::from(i) * STEP_HZ)
        .map(|hz| (hz, gain_db(taps, hz)))
        .collect();
    let flat = || {
        responses
            .iter()
            .filter(|(hz, _)| *hz <= wish.flat_hz)
            .map(|(_, db)| *db)
    };
    let stop = responses
        .iter()
        .filter(|(hz, _)| *hz >= wish.stop_hz)
        .map(|(_, db)| *db);
    let passed = responses
        .iter()
        .filter(|(_, db)| *db >= -3.0103)
        .map(|(hz, _)| *hz);
    Measured {
        ripple_db: flat().fold(f64::MIN, f64::max) - flat().fold(f64::MAX, f64::min),
        stop_db: stop.fold(f64::MIN, f64::max),
        half_power_hz: passed.fold(0.0, f64::max),
    }
}

impl Measured {
    /// Whether everything promised is kept.
    #[must_use]
    pub fn keeps(&self, wish: &Wish) -> bool {
        self.ripple_db <= wish.ripple_db
            && self.stop_db <= wish.stop_db
            && self.half_power_hz >= wish.half_power_hz
    }
}

fn gain_db(taps: &[i32], hz: f64) -> f64 {
    let mut sum = f64::from(taps[0]);
    let mut turn = 0.0;
    for tap in &taps[1..] {
        turn += TAU * hz / RATE_HZ;
        sum += 2.0 * f64::from(*tap) * turn.cos();
    }
    20.0 * (sum / SCALE).abs().max(1e-12).log10()
}
