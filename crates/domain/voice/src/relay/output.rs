//! What the model says, made what the device asked for.

use audio_dsp::{Conversion, Quality, Resampler, pcm16_le_samples};
use bytes::Bytes;

use crate::client::{AudioFormat, Encoding, SampleRate};
use crate::relay::block::Block;

const CHUNK: usize = 480;

/// PCM16 at 24 kHz to the device's format. The device's default passes through untouched.
pub(crate) struct OutputPath {
    format: AudioFormat,
    resampler: Option<Resampler>,
    block: Block,
}

impl OutputPath {
    pub(crate) fn new(format: AudioFormat) -> Self {
        let conversion = Conversion::between(SampleRate::Hz24000.hz(), format.rate.hz());
        Self {
            format,
            resampler: conversion.map(|c| Resampler::new(c, Quality::Voice)),
            block: Block::default(),
        }
    }

    pub(crate) const fn format(&self) -> AudioFormat {
        self.format
    }

    /// Bytes of the device's format in a millisecond.
    pub(crate) const fn bytes_per_ms(&self) -> usize {
        self.format.encoding.sample_bytes() * self.format.rate.hz() as usize / 1_000
    }

    /// `pcm` in the device's format. An odd last byte, which no model sends, is ignored.
    pub(crate) fn convert(&mut self, pcm: &Bytes) -> Bytes {
        if self.format == AudioFormat::OUTPUT {
            return pcm.clone();
        }
        // At most twice the samples of twice the size.
        self.block.reserve(4 * pcm.len() + 4 * CHUNK);
        let whole = &pcm[..pcm.len() / 2 * 2];
        if let Ok(samples) = pcm16_le_samples(whole) {
            self.push(samples);
        }
        self.block.cut()
    }

    /// The next sound has nothing to do with the last one.
    pub(crate) fn reset(&mut self) {
        if let Some(resampler) = &mut self.resampler {
            resampler.reset();
        }
    }

    fn push(&mut self, mut samples: impl ExactSizeIterator<Item = i16>) {
        while samples.len() > 0 {
            let (mut chunk, mut made) = ([0; CHUNK], [0; 2 * CHUNK + 64]);
            let len = samples.len().min(CHUNK);
            chunk
                .iter_mut()
                .zip(&mut samples)
                .for_each(|(slot, s)| *slot = s);
            match &mut self.resampler {
                None => self.put(&chunk[..len]),
                Some(resampler) => {
                    let made_len = resampler.process(&chunk[..len], &mut made).unwrap_or(0);
                    self.put(&made[..made_len]);
                }
            }
        }
    }

    fn put(&mut self, samples: &[i16]) {
        let block = &mut self.block;
        match self.format.encoding {
            Encoding::S16Le => samples.iter().for_each(|s| block.put(&s.to_le_bytes())),
            Encoding::F32Le => {
                let floats = samples.iter().map(|s| f32::from(*s) / 32_767.0);
                floats.for_each(|f| block.put(&f.to_le_bytes()));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_comes_in_the_format_that_was_asked_for() {
        let second = Bytes::from(vec![0; 48_000]);
        for (encoding, rate, expected) in [
            ("s16le", 24_000, 48_000),
            ("s16le", 16_000, 32_000),
            ("s16le", 48_000, 96_000),
            ("f32le", 24_000, 96_000),
            ("f32le", 16_000, 64_000),
        ] {
            let mut path = OutputPath::new(AudioFormat::try_new(encoding, rate).unwrap());
            assert_eq!(path.convert(&second).len(), expected, "{encoding} {rate}");
            assert_eq!(path.bytes_per_ms(), expected / 1_000);
        }
    }

    #[test]
    fn the_default_format_is_passed_on_without_a_copy() {
        let pcm = Bytes::from(vec![1; 960]);
        let passed = OutputPath::new(AudioFormat::OUTPUT).convert(&pcm);
        assert_eq!(passed.as_ptr(), pcm.as_ptr());
    }
}
