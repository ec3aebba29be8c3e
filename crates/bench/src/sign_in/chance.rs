//! Chance that can be had again.

/// Numbers of `SplitMix64` (Steele, Lea, Flood 2014).
pub(super) struct Chance(u64);

impl Chance {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number below `end`, which is small beside 2⁶⁴ and above 0.
    pub(super) fn below(&mut self, end: usize) -> usize {
        let drawn = self.next() % u64::try_from(end).unwrap_or(u64::MAX);
        usize::try_from(drawn).unwrap_or_default()
    }

    /// 0, 1 and 2 in some order.
    pub(super) fn order(&mut self) -> [usize; 3] {
        let mut order = [0, 1, 2];
        order.swap(2, self.below(3));
        order.swap(1, self.below(2));
        order
    }
}
