//! Headers of WAV files with mono 16-bit PCM.

use core::fmt;

/// Bytes of a header as [`Header::to_bytes`] writes it; the samples follow.
pub const HEADER_BYTES: usize = 44;

const FORMAT_BYTES: u32 = 16;
const PCM: u16 = 1;
const MONO: u16 = 1;
const SAMPLE_BYTES: u16 = 2;

/// The header of a mono 16-bit PCM file.
///
/// A file may be written as a stream: first the header of [`open_ended`](Self::open_ended), which
/// players take as "to the end of the file" should the writer never come back, then the samples,
/// and at the end the header with the true length over the first 44 bytes.
///
/// ```
/// use audio_dsp::wav::Header;
/// let header = Header::new(24_000, 960);
/// assert_eq!(Header::parse(&header.to_bytes())?, (header, 44));
/// # Ok::<(), audio_dsp::wav::NotPcm16Mono>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Sampling rate in Hz.
    pub sample_rate_hz: u32,
    /// Bytes of samples that follow.
    pub data_bytes: u32,
}

impl Header {
    /// For `data_bytes` of samples; what the format cannot count (4 GiB) counts as open-ended.
    #[must_use]
    pub fn new(sample_rate_hz: u32, data_bytes: u64) -> Self {
        let data_bytes = u32::try_from(data_bytes).unwrap_or(u32::MAX);
        Self {
            sample_rate_hz,
            data_bytes,
        }
    }

    /// For a length that is not known yet.
    #[must_use]
    pub const fn open_ended(sample_rate_hz: u32) -> Self {
        Self {
            sample_rate_hz,
            data_bytes: u32::MAX,
        }
    }

    /// As the first bytes of a file.
    #[must_use]
    pub fn to_bytes(self) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        let mut put = |at: usize, field: &[u8]| bytes[at..][..field.len()].copy_from_slice(field);
        put(0, b"RIFF");
        put(4, &self.data_bytes.saturating_add(36).to_le_bytes());
        put(8, b"WAVEfmt ");
        put(16, &FORMAT_BYTES.to_le_bytes());
        put(20, &PCM.to_le_bytes());
        put(22, &MONO.to_le_bytes());
        put(24, &self.sample_rate_hz.to_le_bytes());
        put(28, &self.sample_rate_hz.saturating_mul(2).to_le_bytes());
        put(32, &SAMPLE_BYTES.to_le_bytes());
        put(34, &(8 * SAMPLE_BYTES).to_le_bytes());
        put(36, b"data");
        put(40, &self.data_bytes.to_le_bytes());
        bytes
    }

    /// Reads the header at the front of a file and says where its samples begin. Chunks that are
    /// neither format nor data are skipped. The stated length may exceed the file.
    ///
    /// # Errors
    /// [`NotPcm16Mono`] for anything else, and when `bytes` end before the samples begin.
    pub fn parse(bytes: &[u8]) -> Result<(Self, usize), NotPcm16Mono> {
        if take::<4>(bytes, 0)? != *b"RIFF" || take::<4>(bytes, 8)? != *b"WAVE" {
            return Err(NotPcm16Mono);
        }
        let mut sample_rate_hz = None;
        let mut at = 12;
        loop {
            let size = u32::from_le_bytes(take(bytes, at + 4)?);
            match &take::<4>(bytes, at)? {
                b"fmt " => sample_rate_hz = Some(parse_format(bytes, at + 8)?),
                b"data" => {
                    let sample_rate_hz = sample_rate_hz.ok_or(NotPcm16Mono)?;
                    return Ok((
                        Self {
                            sample_rate_hz,
                            data_bytes: size,
                        },
                        at + 8,
                    ));
                }
                _ => {}
            }
            at = chunk_end(at, size)?;
        }
    }
}

/// Chunks are padded to even lengths.
fn chunk_end(at: usize, size: u32) -> Result<usize, NotPcm16Mono> {
    let size = usize::try_from(size).map_err(|_| NotPcm16Mono)?;
    let padded = size.checked_add(8 + size % 2).ok_or(NotPcm16Mono)?;
    at.checked_add(padded).ok_or(NotPcm16Mono)
}

fn parse_format(bytes: &[u8], at: usize) -> Result<u32, NotPcm16Mono> {
    let field = |offset| take(bytes, at + offset).map(u16::from_le_bytes);
    let wanted = [
        (0, PCM),
        (2, MONO),
        (12, SAMPLE_BYTES),
        (14, 8 * SAMPLE_BYTES),
    ];
    for (offset, value) in wanted {
        if field(offset)? != value {
            return Err(NotPcm16Mono);
        }
    }
    take(bytes, at + 4).map(u32::from_le_bytes)
}

fn take<const N: usize>(bytes: &[u8], at: usize) -> Result<[u8; N], NotPcm16Mono> {
    bytes
        .get(at..)
        .and_then(|rest| rest.first_chunk().copied())
        .ok_or(NotPcm16Mono)
}

/// Not the front of a WAV file with mono 16-bit PCM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotPcm16Mono;

impl fmt::Display for NotPcm16Mono {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a WAV header of mono 16-bit PCM")
    }
}

impl core::error::Error for NotPcm16Mono {}
