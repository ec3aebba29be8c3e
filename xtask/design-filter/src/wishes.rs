//! What each prototype must do.
//!
//! All run at 48 kHz, the least common multiple of the rates. Speech sampled at 16 kHz ends at
//! 8 kHz: what lies above 8.2 kHz is an image of what lies below 7.8 kHz. Lengths are the longest
//! that the padded polyphase branches hold at no further cost (see `fir/bank.rs` of `audio-dsp`).

/// The rate at which every prototype runs.
pub const RATE_HZ: f64 = 48_000.0;

/// One low-pass to be designed.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// Name of the generated constant.
    pub name: &'static str,
    /// What it serves.
    pub purpose: &'static str,
    /// Taps to each side of the centre.
    pub half: usize,
    /// Upper edge of the pass band given to the exchange.
    pub pass_hz: f64,
    /// Lower edge of the stop band.
    pub stop_hz: f64,
    /// How much an error in the stop band counts against one in the pass band.
    pub weight: f64,
    /// Ripple is promised up to here, peak to peak.
    pub flat_hz: f64,
    /// The promised ripple, peak to peak, in dB.
    pub ripple_db: f64,
    /// The promised suppression in dB, negative.
    pub stop_db: f64,
    /// The promised −3 dB frequency.
    pub half_power_hz: f64,
}

/// Every prototype of the crate.
pub const WISHES: [Wish; 4] = [
    Wish {
        name: "VOICE_NARROW",
        purpose: "`Voice` where the lower rate is 16 kHz",
        half: 81,
        pass_hz: 7_000.0,
        stop_hz: 8_200.0,
        weight: 400.0,
        flat_hz: 7_000.0,
        ripple_db: 0.1,
        stop_db: -96.0,
        half_power_hz: 7_300.0,
    },
    Wish {
        name: "VOICE_WIDE",
        purpose: "`Voice` where the lower rate is 24 kHz",
        half: 54,
        pass_hz: 10_500.0,
        stop_hz: 12_300.0,
        weight: 400.0,
        flat_hz: 10_500.0,
        ripple_db: 0.1,
        stop_db: -96.0,
        half_power_hz: 10_950.0,
    },
    Wish {
        name: "HIGH_NARROW",
        purpose: "`High` where the lower rate is 16 kHz",
        half: 129,
        pass_hz: 7_230.0,
        stop_hz: 8_200.0,
        weight: 1000.0,
        flat_hz: 7_000.0,
        ripple_db: 0.02,
        stop_db: -119.5,
        half_power_hz: 7_500.0,
    },
    Wish {
        name: "HIGH_WIDE",
        purpose: "`High` where the lower rate is 24 kHz",
        half: 86,
        pass_hz: 10_830.0,
        stop_hz: 12_300.0,
        weight: 800.0,
        flat_hz: 10_500.0,
        ripple_db: 0.02,
        stop_db: -119.5,
        half_power_hz: 11_250.0,
    },
];
