/// A sample the resampler takes and gives: `f32` with full scale at 1, or 16-bit PCM.
///
/// PCM is scaled by 32767 both ways, so that a sample survives the trip through `f32` unchanged.
pub trait Sample: Copy + sealed::Sealed {
    /// No sound.
    const SILENCE: Self;

    /// As `f32`. NaN, infinities and what exceeds ±10³⁰ become silence, so that no sum of a
    /// filter can leave the finite.
    fn to_f32(self) -> f32;

    /// From a finite `f32`. PCM is rounded to the nearest value, ties to even, and clamped.
    fn from_f32(value: f32) -> Self;
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for i16 {}
}

const LARGEST: f32 = 1e30;
const PCM_FULL_SCALE: f32 = 32767.0;

/// 1.5 · 2²³. Added to a value of 22 bits or fewer it leaves the rounded integer in the low bits
/// of the sum: the addition of the processor does the rounding, and the loop stays vectorised.
const ROUNDER: f32 = 12_582_912.0;

impl Sample for f32 {
    const SILENCE: Self = 0.0;

    #[inline]
    fn to_f32(self) -> f32 {
        if self.abs() <= LARGEST { self } else { 0.0 }
    }

    #[inline]
    fn from_f32(value: f32) -> Self {
        value
    }
}

impl Sample for i16 {
    const SILENCE: Self = 0;

    #[inline]
    fn to_f32(self) -> f32 {
        f32::from(self) * (1.0 / PCM_FULL_SCALE)
    }

    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the low 16 bits are the number"
    )]
    fn from_f32(value: f32) -> Self {
        let scaled = (value * PCM_FULL_SCALE).clamp(-32768.0, PCM_FULL_SCALE);
        (scaled + ROUNDER).to_bits() as Self
    }
}
