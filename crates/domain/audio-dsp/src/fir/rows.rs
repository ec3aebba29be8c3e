//! The inner loop.

use super::planes::{Plane, Planes};
use super::{BLOCK, LANES};

/// One product by lane.
pub(super) type Row = [[f32; LANES]; BLOCK / LANES];

/// Runs one product's filter over the first `lanes` lanes of a block, summed over the streams.
/// `taps` holds a run for each stream.
///
/// A full block is done at once, a shorter one by single vectors of which the last is padded. No
/// lane ever meets another, so each lane's sum is made in the same order either way.
#[inline]
pub(super) fn filter<const RUN: usize>(
    planes: &Planes,
    product: usize,
    taps: &[[f32; RUN]],
    lanes: usize,
    row: &mut Row,
) {
    if lanes > BLOCK - LANES {
        run(taps, planes.of_product(product), 0, row);
        return;
    }
    let vectors = row.as_chunks_mut::<1>().0.iter_mut();
    for (i, vector) in vectors.take(lanes.div_ceil(LANES)).enumerate() {
        run(taps, planes.of_product(product), i * LANES, vector);
    }
}

/// `VECTORS` vectors from lane `from` on. The sums stay in registers for the whole run, and a tap
/// is loaded once for all of them.
#[inline]
fn run<'a, const RUN: usize, const VECTORS: usize>(
    taps: &[[f32; RUN]],
    planes: impl Iterator<Item = &'a Plane>,
    from: usize,
    row: &mut [[f32; LANES]; VECTORS],
) {
    let mut sums = [[0.0; LANES]; VECTORS];
    for (taps, plane) in taps.iter().zip(planes) {
        let windows = plane[from..][..RUN - 1 + VECTORS * LANES].windows(VECTORS * LANES);
        for (tap, window) in rolled(taps).iter().zip(windows) {
            add(&mut sums, *tap, window);
        }
    }
    *row = sums;
}

/// Hides the length of a run from the compiler where vectors are narrow: there an unrolled loop is
/// rewritten to share overlapping loads by shuffles, which cost more than the loads.
#[inline]
fn rolled(taps: &[f32]) -> &[f32] {
    if cfg!(target_feature = "avx") { taps } else { core::hint::black_box(taps) }
}

#[inline]
fn add<const VECTORS: usize>(sums: &mut [[f32; LANES]; VECTORS], tap: f32, window: &[f32]) {
    for (sum, inputs) in sums.iter_mut().zip(window.as_chunks::<LANES>().0) {
        for (sum, input) in sum.iter_mut().zip(inputs) {
            *sum += tap * *input;
        }
    }
}
