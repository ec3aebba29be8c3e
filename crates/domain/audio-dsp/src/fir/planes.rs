//! The input as the filters want it: one plane for every stream and product, each with the past
//! the filters still look at (`RUN − 1` lanes) before the lanes of the current block.

use super::{BLOCK, PARALLEL, PRODUCTS};

/// Room for the longest past (21 lanes) and a block.
const WIDTH: usize = 64;

/// One product of one stream.
pub(super) type Plane = [f32; WIDTH];

/// The nine products of one stream.
pub(super) type Stream = [Plane; PRODUCTS];

/// A stream of which nothing was heard yet.
pub(super) const SILENCE: Stream = [[0.0; WIDTH]; PRODUCTS];

/// Takes in a block of input samples, `PARALLEL · DOWN` to a lane.
#[inline]
pub(super) fn load<const DOWN: usize, const RUN: usize>(
    streams: &mut [Stream; DOWN],
    block: &[f32],
) {
    for i in 0..PARALLEL * DOWN {
        let plane = &mut streams[i % DOWN][[0, 3, 1, 4][i / DOWN]];
        let lanes = block.chunks_exact(PARALLEL * DOWN);
        for (slot, lane) in plane[RUN - 1..].iter_mut().zip(lanes) {
            *slot = lane[i];
        }
    }
    for stream in streams {
        add_up::<RUN>(stream);
    }
}

/// Fills the five sums from the four quarters.
#[inline]
fn add_up<const RUN: usize>(planes: &mut Stream) {
    let [q0, q2, even, q1, q3, odd, early, late, all] = planes;
    for i in RUN - 1..RUN - 1 + BLOCK {
        even[i] = q0[i] + q2[i];
        odd[i] = q1[i] + q3[i];
        early[i] = q0[i] + q1[i];
        late[i] = q2[i] + q3[i];
        all[i] = even[i] + odd[i];
    }
}

/// The last lanes of a block of `lanes` become the past of the next. One more than is needed
/// moves along and is overwritten: a copy of known length is a few instructions.
#[inline]
pub(super) fn advance<const DOWN: usize, const RUN: usize>(
    streams: &mut [Stream; DOWN],
    lanes: usize,
) {
    for plane in streams.as_flattened_mut() {
        if let Some(last) = plane[lanes..].first_chunk::<RUN>().copied() {
            plane[..RUN].copy_from_slice(&last);
        }
    }
}
