//! Barycentric interpolation on given nodes: the form of a polynomial that stays exact at a
//! hundred nodes and more.

#![expect(clippy::cast_precision_loss, reason = "taps are counted in hundreds")]

use std::f64::consts::TAU;

/// A polynomial in `cos 2πf`, known by its values on nodes.
pub struct Interpolant {
    nodes: Vec<f64>,
    values: Vec<f64>,
    weights: Vec<f64>,
}

/// `1 / Π (node − other node)`, each factor doubled to keep the products within range.
#[must_use]
pub fn barycentric_weights(nodes: &[f64]) -> Vec<f64> {
    nodes
        .iter()
        .enumerate()
        .map(|(i, a)| {
            let others = nodes.iter().enumerate().filter(|(j, _)| *j != i);
            others.map(|(_, b)| 1.0 / (2.0 * (a - b))).product()
        })
        .collect()
}

impl Interpolant {
    /// Through `values` at `nodes`.
    #[must_use]
    pub fn new(nodes: &[f64], values: Vec<f64>) -> Self {
        Self {
            nodes: nodes.to_vec(),
            values,
            weights: barycentric_weights(nodes),
        }
    }

    /// Its value where `cos 2πf` is `cos`.
    #[must_use]
    pub fn at_cos(&self, cos: f64) -> f64 {
        let (mut above, mut below) = (0.0, 0.0);
        for ((node, value), weight) in self.nodes.iter().zip(&self.values).zip(&self.weights) {
            let distance = cos - node;
            if distance.abs() < 1e-15 {
                return *value;
            }
            above += weight / distance * value;
            below += weight / distance;
        }
        above / below
    }

    /// The centre tap and the `half` taps to its right, of the filter with this response.
    #[must_use]
    pub fn taps(&self, half: usize) -> Vec<f64> {
        let length = 2 * half + 1;
        let angle = |i: usize, k: usize| TAU * ((i * k) % length) as f64 / length as f64;
        let response: Vec<f64> = (0..=half).map(|i| self.at_cos(angle(i, 1).cos())).collect();
        (0..=half)
            .map(|k| {
                let turning = (1..=half).map(|i| 2.0 * response[i] * angle(i, k).cos());
                (response[0] + turning.sum::<f64>()) / length as f64
            })
            .collect()
    }
}
