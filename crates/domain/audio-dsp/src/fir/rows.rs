//! The inner loop.

use super::planes::{Plane, Stream};
use super::{BLOCK, LANES, PRODUCTS};

/// One product by lane.
pub(super) type Row = [[f32; LANES]; BLOCK / LANES];

/// The nine products of one output phase.
pub(super) type Products = [Row; PRODUCTS];

/// Runs the nine filters over the first `lanes` lanes of a block, each summed over the streams.
///
/// A full block is done at once, a shorter one by single vectors of which the last is padded. No
/// lane ever meets another, so each lane's sum is made in the same order either way.
#[inline(never)]
pub(super) fn filter<const DOWN: usize, const RUN: usize>(
    streams: &[Stream; DOWN],
    taps: &[[[f32; RUN]; DOWN]; PRODUCTS],
    lanes: usize,
    products: &mut Products,
) {
    for (product, (taps, row)) in taps.iter().zip(products).enumerate() {
        let planes = streams.each_ref().map(|stream| &stream[product]);
        if lanes > BLOCK - LANES {
            *row = run(planes, taps, 0);
            continue;
        }
        for (i, vector) in row.iter_mut().take(lanes.div_ceil(LANES)).enumerate() {
            [*vector] = run(planes, taps, i * LANES);
        }
    }
}

/// `VECTORS` vectors from lane `from` on. The sums stay in registers for the whole run, and a tap
/// is loaded once for all of them.
#[inline]
fn run<const DOWN: usize, const RUN: usize, const VECTORS: usize>(
    planes: [&Plane; DOWN],
    taps: &[[f32; RUN]; DOWN],
    from: usize,
) -> [[f32; LANES]; VECTORS] {
    let mut sums = [[0.0; LANES]; VECTORS];
    for (taps, plane) in taps.iter().zip(planes) {
        let windows = plane[from..][..RUN - 1 + VECTORS * LANES].windows(VECTORS * LANES);
        for (tap, window) in rolled(taps).iter().zip(windows) {
            add(&mut sums, *tap, window);
        }
    }
    sums
}

/// Hides the length of a run from the compiler where vectors are narrow: there an unrolled loop is
/// rewritten to share overlapping loads by shuffles, which cost more than the loads.
#[inline]
fn rolled(taps: &[f32]) -> &[f32] {
    if cfg!(target_feature = "avx") {
        taps
    } else {
        core::hint::black_box(taps)
    }
}

#[inline]
fn add<const VECTORS: usize>(sums: &mut [[f32; LANES]; VECTORS], tap: f32, window: &[f32]) {
    for (sum, inputs) in sums.iter_mut().zip(window.as_chunks::<LANES>().0) {
        for (sum, input) in sum.iter_mut().zip(inputs) {
            *sum += tap * *input;
        }
    }
}
