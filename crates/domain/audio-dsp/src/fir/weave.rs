//! From the nine products back to four outputs a lane, and from rows to the order of time.

use super::rows::Products;
use super::{BLOCK, PARALLEL, PRODUCTS};
use crate::sample::Sample;

/// The outputs of one phase in the order of time: every `up`-th of the stream.
pub(super) type Phase<O> = [[O; PARALLEL]; BLOCK];

/// What one lane owes the next: the algorithm delays three of its sums by one lane.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Weave {
    owed: [f32; 3],
}

impl Weave {
    /// Four outputs a lane, of which the first `lanes` lanes count.
    pub(super) fn merge<O: Sample>(
        &mut self,
        products: &Products,
        lanes: usize,
        phase: &mut Phase<O>,
    ) {
        let p: [&[f32]; PRODUCTS] = core::array::from_fn(|i| products[i].as_flattened());
        let mut owed = self.owed.map(|first| {
            let mut row = [0.0; BLOCK + 1];
            row[0] = first;
            row
        });
        for m in 0..BLOCK {
            owed[0][m + 1] = p[1][m] + (p[5][m] - p[3][m] - p[4][m]);
            owed[1][m + 1] = p[7][m] - p[1][m] - p[4][m];
            owed[2][m + 1] = p[4][m];
        }
        for (m, four) in phase.iter_mut().enumerate() {
            let even = p[2][m] - p[0][m] - p[1][m];
            let odd = p[5][m] - p[3][m] - p[4][m];
            *four = [
                O::from_f32(p[0][m] + owed[0][m]),
                O::from_f32(p[6][m] - p[0][m] - p[3][m] + owed[1][m]),
                O::from_f32(even + p[3][m] + owed[2][m]),
                O::from_f32(p[8][m] - p[6][m] - p[7][m] - even - odd),
            ];
        }
        self.owed = owed.map(|row| row[lanes]);
    }
}

/// Phases to one stream.
pub(super) fn interleave<O: Sample>(phases: &[Phase<O>; 3], output: &mut [O], up: usize) {
    let [a, b, c] = phases.each_ref().map(|phase| phase.as_flattened());
    match up {
        1 => output.copy_from_slice(&a[..output.len()]),
        2 => {
            for ((out, a), b) in output.as_chunks_mut::<2>().0.iter_mut().zip(a).zip(b) {
                *out = [*a, *b];
            }
        }
        _ => {
            for (((out, a), b), c) in output
                .as_chunks_mut::<3>()
                .0
                .iter_mut()
                .zip(a)
                .zip(b)
                .zip(c)
            {
                *out = [*a, *b, *c];
            }
        }
    }
}
