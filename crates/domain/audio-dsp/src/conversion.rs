/// A pair of sampling rates the crate converts between.
///
/// The set is closed on purpose: each pair has its filter at hand, designed and measured, so that
/// making a resampler cannot fail and costs nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Conversion {
    /// 16 kHz to 24 kHz: a microphone to a speech model.
    From16To24,
    /// 24 kHz to 16 kHz: a speech model to a telephone-grade player.
    From24To16,
    /// 48 kHz to 16 kHz.
    From48To16,
    /// 48 kHz to 24 kHz.
    From48To24,
    /// 16 kHz to 48 kHz.
    From16To48,
    /// 24 kHz to 48 kHz.
    From24To48,
}

impl Conversion {
    /// Every conversion there is.
    pub const ALL: [Self; 6] = [
        Self::From16To24,
        Self::From24To16,
        Self::From48To16,
        Self::From48To24,
        Self::From16To48,
        Self::From24To48,
    ];

    /// The conversion between two rates in Hz, where there is one.
    ///
    /// ```
    /// use audio_dsp::Conversion;
    /// assert_eq!(Conversion::between(16_000, 24_000), Some(Conversion::From16To24));
    /// assert_eq!(Conversion::between(44_100, 24_000), None);
    /// ```
    #[must_use]
    pub fn between(input_hz: u32, output_hz: u32) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|c| c.input_hz() == input_hz && c.output_hz() == output_hz)
    }

    /// The rate of what goes in, Hz.
    #[must_use]
    pub const fn input_hz(self) -> u32 {
        match self {
            Self::From16To24 | Self::From16To48 => 16_000,
            Self::From24To16 | Self::From24To48 => 24_000,
            Self::From48To16 | Self::From48To24 => 48_000,
        }
    }

    /// The rate of what comes out, Hz.
    #[must_use]
    pub const fn output_hz(self) -> u32 {
        match self {
            Self::From24To16 | Self::From48To16 => 16_000,
            Self::From16To24 | Self::From48To24 => 24_000,
            Self::From16To48 | Self::From24To48 => 48_000,
        }
    }

    /// Output samples for every [`down`](Self::down) input samples; ticks of 48 kHz (or twice
    /// 24 kHz) between input samples.
    pub(crate) const fn up(self) -> usize {
        match self {
            Self::From48To16 | Self::From48To24 => 1,
            Self::From24To16 | Self::From24To48 => 2,
            Self::From16To24 | Self::From16To48 => 3,
        }
    }

    /// Input samples for every [`up`](Self::up) output samples; ticks between output samples.
    pub(crate) const fn down(self) -> usize {
        match self {
            Self::From16To48 | Self::From24To48 => 1,
            Self::From16To24 | Self::From48To24 => 2,
            Self::From24To16 | Self::From48To16 => 3,
        }
    }
}

/// The common rate: every input and output sample of every conversion falls on one of its ticks.
pub(crate) const TICKS_PER_SECOND: u32 = 48_000;
