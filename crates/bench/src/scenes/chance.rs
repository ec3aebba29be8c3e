//! Numbers that look random and are the same for the same seed (the `SplitMix64` generator of Steele,
//! Lea and Flood, 2014).

/// A stream of chance.
pub(super) struct Chance(u64);

impl Chance {
    /// A stream of its own for each seed and purpose.
    pub(super) fn new(seed: u64, purpose: &str) -> Self {
        let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Self(purpose.bytes().fold(seed ^ 0xcbf2_9ce4_8422_2325, mix))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// From `least` up to, not including, `most`.
    pub(super) fn between(&mut self, least: f32, most: f32) -> f32 {
        let [.., a, b] = self.next().to_le_bytes();
        let share = f32::from(u16::from_le_bytes([a, b])) / 65_536.0;
        least + (most - least) * share
    }

    /// About normal, with this deviation: the sum of four even ones.
    pub(super) fn around_zero(&mut self, deviation: f32) -> f32 {
        let sum: f32 = (0..4).map(|_| self.between(-1.0, 1.0)).sum();
        sum * deviation / (4.0_f32 / 3.0).sqrt()
    }

    /// True in this many of a hundred cases.
    pub(super) fn percent(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }

    /// One of them.
    pub(super) fn one_of<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        let count = choices.len() as u64;
        let at = usize::try_from(self.next() % count).unwrap_or_default();
        &choices[at]
    }

    /// A whole number below `limit`.
    pub(super) fn below(&mut self, limit: u32) -> u32 {
        u32::try_from(self.next() % u64::from(limit)).unwrap_or_default()
    }
}
