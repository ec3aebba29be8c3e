use crate::error::{OutputTooSmall, RaggedBytes};
use crate::sample::Sample;

/// The samples in a string of little-endian `f32`, made safe: NaN and infinities become silence,
/// the rest is clamped to ±1.
///
/// # Errors
/// [`RaggedBytes`] when the length is no multiple of four.
///
/// ```
/// let bytes = [1.5_f32.to_le_bytes(), f32::NAN.to_le_bytes(), 0.25_f32.to_le_bytes()];
/// let samples = audio_dsp::f32_le_samples(bytes.as_flattened())?;
/// assert!(samples.eq([1.0, 0.0, 0.25]));
/// # Ok::<(), audio_dsp::RaggedBytes>(())
/// ```
pub fn f32_le_samples(
    bytes: &[u8],
) -> Result<impl ExactSizeIterator<Item = f32> + Clone + '_, RaggedBytes> {
    let samples = whole::<4>(bytes)?;
    Ok(samples
        .iter()
        .map(|sample| tame(f32::from_le_bytes(*sample))))
}

/// The samples in a string of little-endian 16-bit PCM.
///
/// # Errors
/// [`RaggedBytes`] when the length is odd.
pub fn pcm16_le_samples(
    bytes: &[u8],
) -> Result<impl ExactSizeIterator<Item = i16> + Clone + '_, RaggedBytes> {
    let samples = whole::<2>(bytes)?;
    Ok(samples.iter().map(|sample| i16::from_le_bytes(*sample)))
}

/// The nearest 16-bit PCM sample: ±1 is ±32767, beyond it is clamped, NaN and infinities are
/// silence.
///
/// ```
/// assert_eq!([0.5, -2.0, f32::INFINITY].map(audio_dsp::to_pcm16), [16384, -32767, 0]);
/// ```
#[must_use]
pub fn to_pcm16(sample: f32) -> i16 {
    i16::from_f32(tame(sample))
}

/// Writes `samples` as little-endian 16-bit PCM to the front of `bytes`; returns how many bytes.
///
/// # Errors
/// [`OutputTooSmall`] when `bytes` is shorter than twice the samples; nothing is written then.
pub fn write_pcm16_le(samples: &[i16], bytes: &mut [u8]) -> Result<usize, OutputTooSmall> {
    let len = 2 * samples.len();
    OutputTooSmall::check(len, bytes.len())?;
    for (slot, sample) in bytes.as_chunks_mut::<2>().0.iter_mut().zip(samples) {
        *slot = sample.to_le_bytes();
    }
    Ok(len)
}

/// Appends `samples` as little-endian 16-bit PCM.
#[cfg(feature = "alloc")]
pub fn append_pcm16_le(samples: &[i16], bytes: &mut alloc::vec::Vec<u8>) {
    bytes.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
}

fn whole<const SIZE: usize>(bytes: &[u8]) -> Result<&[[u8; SIZE]], RaggedBytes> {
    match bytes.as_chunks() {
        (samples, []) => Ok(samples),
        _ => Err(RaggedBytes {
            len: bytes.len(),
            sample_bytes: SIZE,
        }),
    }
}

fn tame(sample: f32) -> f32 {
    if sample.is_finite() {
        sample.clamp(-1.0, 1.0)
    } else {
        0.0
    }
}
