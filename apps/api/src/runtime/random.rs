//! The operating system's randomness.

use kernel::RandomBits;

/// Reads the operating system's source.
pub(crate) struct SystemRandom(());

impl SystemRandom {
    /// Fails at start-up, rather than later, where the system has no source of randomness.
    pub(crate) fn open() -> Result<Self, getrandom::Error> {
        getrandom::u64().map(|_| Self(()))
    }
}

impl RandomBits for SystemRandom {
    fn ten_bytes(&self) -> [u8; 10] {
        let mut bytes = [0; 10];
        if let Err(error) = getrandom::fill(&mut bytes) {
            // It has worked at start-up. Ids without randomness could collide, so the request
            // that needs one must not go on.
            panic!("the system's source of randomness failed: {error}");
        }
        bytes
    }
}
