/// How faithful, at what cost and delay. The crate's front page has the measured table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Quality {
    /// A straight line between neighbouring samples. For comparison: it mirrors speech into
    /// audible images and dulls it from 3 kHz on.
    Linear,
    /// Images below what 16 bits can hold, flat to 7/8 of the lower rate's band, 1.7 ms.
    #[default]
    Voice,
    /// Images below −119 dB, flat to 0.02 dB, 2.7 ms.
    High,
}
