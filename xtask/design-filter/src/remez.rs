//! The Parks–McClellan exchange for an odd-length, symmetric (type I) low-pass.
//!
//! Unknown is the zero-phase response `A(f)`, a polynomial of degree `half` in `cos 2πf`, `f` in
//! cycles per sample. Each round makes the weighted error alternate in sign with equal height on
//! `half + 2` frequencies, then moves those frequencies to the peaks of the error, until the peaks
//! are level. Source: Parks and `McClellan`, "Chebyshev approximation for nonrecursive digital
//! filters with linear phase", IEEE Trans. Circuit Theory 19 (1972).

#![expect(clippy::cast_precision_loss, reason = "grids are counted in thousands")]

use crate::lagrange::Interpolant;
use std::f64::consts::TAU;

/// One stretch of frequency with a constant wish.
#[derive(Clone, Copy, Debug)]
pub struct Band {
    /// Lower edge, cycles per sample.
    pub from: f64,
    /// Upper edge, cycles per sample.
    pub to: f64,
    /// The wanted amplitude.
    pub gain: f64,
    /// How much an error here counts against one elsewhere.
    pub weight: f64,
}

#[derive(Clone, Copy)]
struct Point {
    cos: f64,
    gain: f64,
    weight: f64,
}

const GRID_PER_EXTREMUM: usize = 32;
const ROUNDS: usize = 100;

/// The best approximation of `bands` with `2 · half + 1` taps, as its zero-phase response.
///
/// # Panics
/// When the exchange does not settle, which for a plain low-pass means an unreasonable wish.
#[must_use]
pub fn design(half: usize, bands: &[Band]) -> Interpolant {
    let grid = grid(half, bands);
    let mut extrema = spread(half + 2, grid.len());
    for _ in 0..ROUNDS {
        let (response, level) = fit(&grid, &extrema);
        let errors: Vec<f64> = grid
            .iter()
            .map(|p| p.weight * (p.gain - response.at_cos(p.cos)))
            .collect();
        extrema = exchange(&errors, extrema.len());
        let peak = extrema.iter().map(|&i| errors[i].abs()).fold(0.0, f64::max);
        if peak <= level.abs() * (1.0 + 1e-7) {
            return response;
        }
    }
    panic!("the exchange did not settle in {ROUNDS} rounds");
}

fn grid(half: usize, bands: &[Band]) -> Vec<Point> {
    let width: f64 = bands.iter().map(|b| b.to - b.from).sum();
    let density = (GRID_PER_EXTREMUM * (half + 2)) as f64 / width;
    bands
        .iter()
        .flat_map(|band| band_grid(band, density))
        .collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a band has some thousand steps"
)]
fn band_grid(band: &Band, density: f64) -> Vec<Point> {
    let steps = ((band.to - band.from) * density).ceil() as usize;
    (0..=steps)
        .map(|i| Point {
            cos: (TAU * (band.from + (band.to - band.from) * i as f64 / steps as f64)).cos(),
            gain: band.gain,
            weight: band.weight,
        })
        .collect()
}

fn spread(count: usize, len: usize) -> Vec<usize> {
    (0..count).map(|i| i * (len - 1) / (count - 1)).collect()
}

/// The polynomial whose weighted error alternates with one height on all `extrema`, and the height.
fn fit(grid: &[Point], extrema: &[usize]) -> (Interpolant, f64) {
    let cosines: Vec<f64> = extrema.iter().map(|&i| grid[i].cos).collect();
    let weights = crate::lagrange::barycentric_weights(&cosines);
    let (mut above, mut below, mut sign) = (0.0, 0.0, 1.0);
    for (&i, b) in extrema.iter().zip(&weights) {
        above += b * grid[i].gain;
        below += sign * b / grid[i].weight;
        sign = -sign;
    }
    let level = above / below;
    let mut sign = 1.0;
    let values = extrema.iter().map(|&i| {
        let value = grid[i].gain - sign * level / grid[i].weight;
        sign = -sign;
        value
    });
    let nodes = extrema.len() - 1;
    (
        Interpolant::new(&cosines[..nodes], values.take(nodes).collect()),
        level,
    )
}

/// The `count` most prominent alternating peaks of the error.
fn exchange(errors: &[f64], count: usize) -> Vec<usize> {
    let mut peaks = peak_of_each_run(errors);
    while peaks.len() > count {
        drop_least(&mut peaks, errors, count);
    }
    peaks
}

/// The highest error of every run of one sign. A run, unlike a local maximum, cannot be lost
/// between two grid points, so there are never fewer of them than extrema to replace.
fn peak_of_each_run(errors: &[f64]) -> Vec<usize> {
    let mut peaks: Vec<usize> = Vec::new();
    for (i, error) in errors.iter().enumerate() {
        match peaks.last_mut() {
            Some(peak) if (errors[*peak] > 0.0) == (*error > 0.0) => {
                if error.abs() > errors[*peak].abs() {
                    *peak = i;
                }
            }
            _ => peaks.push(i),
        }
    }
    peaks
}

/// One too many: an end goes. More: the lowest neighbouring pair, so that signs still alternate.
fn drop_least(peaks: &mut Vec<usize>, errors: &[f64], count: usize) {
    let last = peaks.len() - 1;
    if peaks.len() == count + 1 {
        let end = if errors[peaks[0]].abs() < errors[peaks[last]].abs() {
            0
        } else {
            last
        };
        peaks.remove(end);
        return;
    }
    let height = |i: usize| errors[peaks[i]].abs().max(errors[peaks[i + 1]].abs());
    let lowest = (0..last)
        .min_by(|&a, &b| height(a).total_cmp(&height(b)))
        .unwrap_or(0);
    peaks.drain(lowest..=lowest + 1);
}
