//! From the nine products back to four outputs a lane, and from rows to the order of time.

use super::rows::Row;
use super::{BLOCK, PARALLEL, PRODUCTS};
use crate::sample::Sample;

/// The nine products of one output phase, by lane.
pub(super) type Products = [Row; PRODUCTS];

/// What one lane owes the next: the algorithm delays three of its sums by one lane.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Weave {
    owed: [f32; 3],
}

type Delayed = [f32; BLOCK + 1];

impl Weave {
    /// Four rows of outputs, of which the first `lanes` of each count.
    pub(super) fn merge<O: Sample>(
        &mut self,
        products: &Products,
        lanes: usize,
        out: &mut [[O; BLOCK]; PARALLEL],
    ) {
        let p: [&[f32]; PRODUCTS] = core::array::from_fn(|i| products[i].as_flattened());
        let mut owed: [Delayed; 3] = self.owed.map(|first| {
            let mut row = [0.0; BLOCK + 1];
            row[0] = first;
            row
        });
        for m in 0..BLOCK {
            let even = p[2][m] - p[0][m] - p[1][m];
            let odd = p[5][m] - p[3][m] - p[4][m];
            owed[0][m + 1] = p[1][m] + odd;
            owed[1][m + 1] = p[7][m] - p[1][m] - p[4][m];
            owed[2][m + 1] = p[4][m];
            out[0][m] = O::from_f32(p[0][m] + owed[0][m]);
            out[1][m] = O::from_f32(p[6][m] - p[0][m] - p[3][m] + owed[1][m]);
            out[2][m] = O::from_f32(even + p[3][m] + owed[2][m]);
            out[3][m] = O::from_f32(p[8][m] - p[6][m] - p[7][m] - even - odd);
        }
        self.owed = owed.map(|row| row[lanes]);
    }
}

/// Rows of `[phase][quarter]` to samples in the order of time, phases fastest.
pub(super) fn interleave<O: Sample>(
    rows: &[[[O; BLOCK]; PARALLEL]; 3],
    output: &mut [O],
    up: usize,
) {
    match up {
        1 => by_lane::<O, PARALLEL>(rows, output),
        2 => by_lane::<O, { 2 * PARALLEL }>(rows, output),
        _ => by_lane::<O, { 3 * PARALLEL }>(rows, output),
    }
}

fn by_lane<O: Sample, const LANE: usize>(rows: &[[[O; BLOCK]; PARALLEL]; 3], output: &mut [O]) {
    let up = LANE / PARALLEL;
    for (m, lane) in output.as_chunks_mut::<LANE>().0.iter_mut().enumerate() {
        for (i, sample) in lane.iter_mut().enumerate() {
            *sample = rows[i % up][i / up][m];
        }
    }
}
