//! How audio looks on the wire of a device.

/// How a sample is written. Always little-endian and mono.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// 32-bit float, full scale at ±1.
    F32Le,
    /// 16-bit PCM.
    S16Le,
}

/// Samples per second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SampleRate {
    /// 16 kHz.
    Hz16000,
    /// 24 kHz.
    Hz24000,
    /// 48 kHz.
    Hz48000,
}

/// An encoding at a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AudioFormat {
    /// How a sample is written.
    pub encoding: Encoding,
    /// How many a second.
    pub rate: SampleRate,
}

/// The text names no encoding or the number no rate of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("audio is f32le or s16le at 16000, 24000 or 48000 Hz")]
pub struct BadFormat;

impl AudioFormat {
    /// What a device sends unless it says otherwise: Float32 at 16 kHz.
    pub const INPUT: Self = Self {
        encoding: Encoding::F32Le,
        rate: SampleRate::Hz16000,
    };
    /// What a device gets unless it asks otherwise: PCM16 at 24 kHz.
    pub const OUTPUT: Self = Self {
        encoding: Encoding::S16Le,
        rate: SampleRate::Hz24000,
    };

    /// The format of the protocol's names.
    ///
    /// # Errors
    /// [`BadFormat`] for any other name or rate.
    pub fn try_new(encoding: &str, rate_hz: u32) -> Result<Self, BadFormat> {
        let encoding = match encoding {
            "f32le" => Encoding::F32Le,
            "s16le" => Encoding::S16Le,
            _ => return Err(BadFormat),
        };
        let rate = match rate_hz {
            16_000 => SampleRate::Hz16000,
            24_000 => SampleRate::Hz24000,
            48_000 => SampleRate::Hz48000,
            _ => return Err(BadFormat),
        };
        Ok(Self { encoding, rate })
    }
}

impl Encoding {
    /// The protocol's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::F32Le => "f32le",
            Self::S16Le => "s16le",
        }
    }

    /// Bytes in a sample.
    pub const fn sample_bytes(self) -> usize {
        match self {
            Self::F32Le => 4,
            Self::S16Le => 2,
        }
    }
}

impl SampleRate {
    /// In Hz.
    pub const fn hz(self) -> u32 {
        match self {
            Self::Hz16000 => 16_000,
            Self::Hz24000 => 24_000,
            Self::Hz48000 => 48_000,
        }
    }
}
