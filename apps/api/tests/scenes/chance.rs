//! Chance that can be repeated.

use std::time::SystemTime;

/// A sequence of numbers that follows from its seed (`SplitMix64`).
#[derive(Debug, Clone)]
pub(crate) struct Chance(u64);

impl Chance {
    /// A seed of today, or that of `SMARTSIGHT_FAULT_SEED`; printed.
    pub(crate) fn of_the_run() -> Self {
        let given = std::env::var("SMARTSIGHT_FAULT_SEED").ok();
        let seed = given.map_or_else(of_now, |seed| seed.parse().unwrap());
        eprintln!("SMARTSIGHT_FAULT_SEED={seed}");
        Self(seed)
    }

    /// A sequence of its own for somebody.
    pub(crate) fn of(&self, number: u64) -> Self {
        let mut own = Self(self.0 ^ number.wrapping_mul(0xd134_2543_de82_ef95));
        own.next();
        own
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

fn of_now() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.unwrap().as_secs()
}
