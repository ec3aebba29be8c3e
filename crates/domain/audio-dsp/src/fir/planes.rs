//! The input as the filters want it: one plane for every stream and product, each with the past
//! the filters still look at before the lanes of the current block.

use super::{BLOCK, PARALLEL, PRODUCTS};

/// Input streams at most.
const STREAMS: usize = 3;

/// Room for the longest past (21 fours of groups) and a block.
const WIDTH: usize = 64;

/// One product of one stream: its past, then the block.
pub(super) type Plane = [f32; WIDTH];

/// Stream by stream, nine products each.
#[derive(Clone, Debug)]
pub(super) struct Planes {
    streams: [[Plane; PRODUCTS]; STREAMS],
    used: usize,
}

impl Planes {
    pub(super) const fn new(used: usize) -> Self {
        Self { streams: [[[0.0; WIDTH]; PRODUCTS]; STREAMS], used }
    }

    pub(super) const fn clear(&mut self) {
        self.streams = [[[0.0; WIDTH]; PRODUCTS]; STREAMS];
    }

    /// The planes of one product, stream by stream.
    #[inline]
    pub(super) fn of_product(&self, product: usize) -> impl Iterator<Item = &Plane> {
        self.streams.iter().take(self.used).map(move |stream| &stream[product])
    }

    /// Takes in a block of input samples, `PARALLEL · streams` to a lane, behind `RUN − 1` past ones.
    #[inline]
    pub(super) fn load<const RUN: usize>(&mut self, block: &[f32]) {
        match self.used {
            1 => self.sort::<RUN, PARALLEL>(block),
            2 => self.sort::<RUN, { 2 * PARALLEL }>(block),
            _ => self.sort::<RUN, { 3 * PARALLEL }>(block),
        }
        for planes in self.streams.iter_mut().take(self.used) {
            add_up::<RUN>(planes);
        }
    }

    #[inline]
    fn sort<const RUN: usize, const LANE: usize>(&mut self, block: &[f32]) {
        let used = LANE / PARALLEL;
        let lanes = block.as_chunks::<LANE>().0;
        for i in 0..LANE {
            let plane = &mut self.streams[i % used][[0, 3, 1, 4][i / used]];
            for (slot, lane) in plane[RUN - 1..].iter_mut().zip(lanes) {
                *slot = lane[i];
            }
        }
    }

    /// The last lanes of a block of `lanes` become the past of the next. One more than is needed
    /// moves along and is overwritten: a copy of known length is a few instructions.
    #[inline]
    pub(super) fn advance<const RUN: usize>(&mut self, lanes: usize) {
        for plane in self.streams.iter_mut().take(self.used).flatten() {
            if let Some(last) = plane[lanes..].first_chunk::<RUN>().copied() {
                plane[..RUN].copy_from_slice(&last);
            }
        }
    }
}

/// From the four quarters at 0, 1, 3, 4 the sums at 2, 5, 6, 7, 8.
#[inline]
fn add_up<const RUN: usize>(planes: &mut [Plane; PRODUCTS]) {
    for i in RUN - 1..RUN - 1 + BLOCK {
        let even = planes[0][i] + planes[1][i];
        let odd = planes[3][i] + planes[4][i];
        planes[2][i] = even;
        planes[5][i] = odd;
        planes[6][i] = planes[0][i] + planes[3][i];
        planes[7][i] = planes[1][i] + planes[4][i];
        planes[8][i] = even + odd;
    }
}
