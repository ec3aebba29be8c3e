//! Chance that repeats itself.

use std::sync::atomic::{AtomicU64, Ordering};

use kernel::RandomBits;

/// The same ids in the same order for the same seed.
#[derive(Debug)]
pub struct SeededBits(AtomicU64);

impl SeededBits {
    /// A source that begins at `seed`.
    pub const fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }
}

impl RandomBits for SeededBits {
    /// `SplitMix64` (Steele, Lea, Flood 2014) over a counter.
    fn ten_bytes(&self) -> [u8; 10] {
        let mut bytes = [0; 10];
        for chunk in bytes.chunks_mut(8) {
            let mut z = self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::SeqCst);
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            let random = (z ^ (z >> 31)).to_le_bytes();
            chunk.copy_from_slice(&random[..chunk.len()]);
        }
        bytes
    }
}
