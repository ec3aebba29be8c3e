//! Chance enough to spread retries.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

/// A number nobody can foresee: a seed of the standard hasher.
pub fn chance() -> u32 {
    let [a, b, c, d, ..] = RandomState::new().build_hasher().finish().to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}
