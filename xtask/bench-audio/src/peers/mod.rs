//! The resamplers, each behind the same small face.

mod ours;
mod rubato;
mod s0;
mod samplerate;
mod soxr;
mod speex;
mod swresample;

use crate::{FRAME_IN, FRAME_OUT};
use anyhow::Context;
use audio_dsp::{Quality, to_pcm16};
use std::hint::black_box;

/// A resampler at the start of a stream.
pub(crate) trait Peer {
    /// Takes one frame and appends what it gives.
    fn frame(&mut self, input: &[f32; FRAME_IN], output: &mut Vec<f32>) -> anyhow::Result<()>;

    /// The same as often as possible, while the effort is counted.
    fn busy_frame(&mut self, input: &Noise, output: &mut Vec<f32>) -> anyhow::Result<()> {
        self.frame(&input.float, output)
    }
}

/// One row of the table.
pub(crate) struct Entry {
    /// Its word on the command line.
    pub(crate) name: &'static str,
    /// Its name in the table.
    pub(crate) title: &'static str,
    pub(crate) start: fn() -> anyhow::Result<Box<dyn Peer>>,
}

pub(crate) const ENTRIES: [Entry; 12] = [
    Entry {
        name: "s0",
        title: "S0's linear",
        start: || Ok(s0::start()),
    },
    Entry {
        name: "rubato-fft",
        title: "rubato 5 FFT",
        start: rubato::start_fft,
    },
    Entry {
        name: "soxr-hq",
        title: "soxr HQ",
        start: soxr::start,
    },
    Entry {
        name: "samplerate-fast",
        title: "libsamplerate fastest",
        start: samplerate::start_fast,
    },
    Entry {
        name: "samplerate-medium",
        title: "libsamplerate medium",
        start: samplerate::start_medium,
    },
    Entry {
        name: "speex-5",
        title: "speexdsp q5",
        start: speex::start::<5>,
    },
    Entry {
        name: "speex-10",
        title: "speexdsp q10",
        start: speex::start::<10>,
    },
    Entry {
        name: "swresample",
        title: "swresample default",
        start: swresample::start,
    },
    Entry {
        name: "linear",
        title: "audio-dsp `Linear`",
        start: || Ok(ours::float(Quality::Linear)),
    },
    Entry {
        name: "voice",
        title: "**audio-dsp `Voice`**",
        start: || Ok(ours::float(Quality::Voice)),
    },
    Entry {
        name: "voice-pcm16",
        title: "**audio-dsp `Voice`, 16-bit**",
        start: || Ok(ours::pcm16(Quality::Voice)),
    },
    Entry {
        name: "high",
        title: "**audio-dsp `High`**",
        start: || Ok(ours::float(Quality::High)),
    },
];

/// Feeds `frames` frames of noise to one peer.
pub(crate) fn run(name: &str, frames: usize) -> anyhow::Result<()> {
    let entry = ENTRIES
        .iter()
        .find(|entry| entry.name == name)
        .context("no such peer")?;
    let mut peer = (entry.start)()?;
    let input = Noise::new();
    let mut output = Vec::with_capacity(4 * FRAME_OUT);
    for _ in 0..frames {
        output.clear();
        peer.busy_frame(black_box(&input), &mut output)?;
        black_box(&output);
    }
    Ok(())
}

/// One frame of noise.
pub(crate) struct Noise {
    float: [f32; FRAME_IN],
    pcm16: [i16; FRAME_IN],
}

impl Noise {
    fn new() -> Self {
        let mut state = 1_u32;
        let float = std::array::from_fn(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f32::from((state >> 16) as u16) / 65_536.0 - 0.5
        });
        Self {
            float,
            pcm16: float.map(to_pcm16),
        }
    }
}
