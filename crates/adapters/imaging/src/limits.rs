//! What is decoded at most.

use std::num::NonZeroUsize;

/// Bounds on one picture and on all pictures together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most pixels of one picture.
    pub max_pixels: u64,
    /// The longest side of one picture in pixels.
    pub max_side: u32,
    /// The most bytes of decoded pixels held at once by all calls together.
    pub memory_bytes: u64,
    /// The most pictures decoded at the same moment.
    pub lanes: NonZeroUsize,
}

impl Default for Limits {
    /// 50 megapixels and 20 000 pixels a side, 640 MiB together, one lane for each processor.
    fn default() -> Self {
        Self {
            max_pixels: 50_000_000,
            max_side: 20_000,
            memory_bytes: 640 << 20,
            lanes: std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
        }
    }
}
