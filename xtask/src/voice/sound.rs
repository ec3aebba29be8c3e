//! WAV files, read into what a phone sends and written from what it gets.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use hound::{SampleFormat, WavReader, WavSpec, WavWriter};

use super::resample::resample;

/// Samples a second on the way to the server.
pub(crate) const FRAME_RATE: u32 = 16_000;

/// Samples a second on the way back.
pub(crate) const ANSWER_RATE: u32 = 24_000;

/// Quieter than this is no speech: 1 % of full scale.
const SPEECH: f32 = 0.01;

/// What is said: mono at [`FRAME_RATE`], full scale at ±1.
pub(crate) struct Question(Vec<f32>);

impl Question {
    /// Reads any WAV: its channels are mixed and its rate is converted.
    pub(crate) fn read(file: &Path) -> Result<Self> {
        let reader = WavReader::open(file)
            .with_context(|| format!("{} is no WAV file that can be read", file.display()))?;
        let spec = reader.spec();
        let samples = mono(&all(reader)?, spec.channels.into());
        ensure!(!samples.is_empty(), "{} holds no sound", file.display());
        Ok(Self(resample(&samples, spec.sample_rate, FRAME_RATE)))
    }

    /// How long it is.
    pub(crate) fn seconds(&self) -> f64 {
        seconds(self.0.len(), FRAME_RATE)
    }

    /// Frame `at` as it goes on the wire, little-endian floats; silence behind the end.
    pub(crate) fn frame(&self, at: usize, samples: usize) -> Vec<u8> {
        let from = at * samples;
        let frame = from..from + samples;
        let sample = |at| self.0.get(at).copied().unwrap_or_default();
        frame.flat_map(|at| sample(at).to_le_bytes()).collect()
    }

    /// Whether frame `at` lies behind the last thing said.
    pub(crate) fn is_said(&self, at: usize, samples: usize) -> bool {
        let said = self.0.iter().rposition(|sample| sample.abs() > SPEECH);
        at * samples > said.unwrap_or_default()
    }
}

fn all(mut reader: WavReader<impl std::io::Read>) -> Result<Vec<f32>> {
    let WavSpec {
        sample_format,
        bits_per_sample,
        ..
    } = reader.spec();
    let samples: Result<_, hound::Error> = match sample_format {
        SampleFormat::Float => reader.samples::<f32>().collect(),
        SampleFormat::Int => {
            let scale = 2_f32.powi(1 - i32::from(bits_per_sample));
            let scaled = reader
                .samples::<i32>()
                .map(|sample| sample.map(|s| level(s, scale)));
            scaled.collect()
        }
    };
    samples.context("the sound cannot be read")
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a float holds more than one can hear"
)]
fn level(sample: i32, scale: f32) -> f32 {
    sample as f32 * scale
}

fn mono(samples: &[f32], channels: usize) -> Vec<f32> {
    let channels = channels.max(1);
    let share = 1.0 / f32::from(u16::try_from(channels).unwrap_or(u16::MAX));
    let frames = samples.chunks_exact(channels);
    frames
        .map(|frame| frame.iter().sum::<f32>() * share)
        .collect()
}

/// Writes an answer.
pub(crate) fn write(file: &Path, samples: &[i16]) -> Result<()> {
    let spec = WavSpec {
        channels: 1,
        sample_rate: ANSWER_RATE,
        bits_per_sample: 16,
        sample_format: SampleFormat::Int,
    };
    let write = || {
        let mut writer = WavWriter::create(file, spec)?;
        samples
            .iter()
            .try_for_each(|sample| writer.write_sample(*sample))?;
        writer.finalize()
    };
    write().with_context(|| format!("{} cannot be written", file.display()))
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a recording is no thousand years long"
)]
pub(crate) fn seconds(samples: usize, rate: u32) -> f64 {
    samples as f64 / f64::from(rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(
        spec: WavSpec,
        write: impl Fn(&mut WavWriter<std::io::BufWriter<std::fs::File>>),
    ) -> Question {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("said.wav");
        let mut writer = WavWriter::create(&file, spec).unwrap();
        write(&mut writer);
        writer.finalize().unwrap();
        Question::read(&file).unwrap()
    }

    #[test]
    fn stereo_integers_of_any_width_and_floats_become_mono_floats() {
        for (bits_per_sample, half) in [(8, 64_i32), (16, 16_384), (24, 4_194_304)] {
            let spec = WavSpec {
                channels: 2,
                sample_rate: 16_000,
                bits_per_sample,
                sample_format: SampleFormat::Int,
            };
            let read = written(spec, |writer| {
                writer.write_sample(half).unwrap();
                writer.write_sample(0).unwrap();
            });
            assert_eq!(read.0, [0.25], "{bits_per_sample} bits");
        }
        let spec = WavSpec {
            channels: 1,
            sample_rate: 16_000,
            bits_per_sample: 32,
            sample_format: SampleFormat::Float,
        };
        assert_eq!(
            written(spec, |writer| writer.write_sample(0.5_f32).unwrap()).0,
            [0.5]
        );
    }

    #[test]
    fn what_follows_the_end_is_silence() {
        let question = Question(vec![0.5; 3]);
        assert_eq!(
            question.frame(1, 2),
            [0.5_f32.to_le_bytes(), [0; 4]].concat()
        );
        assert_eq!(
            (question.is_said(1, 2), question.is_said(2, 2)),
            (false, true)
        );
    }
}
