use super::{Noise, Peer};
use crate::{FRAME_IN, FRAME_OUT};
use audio_dsp::{Conversion, Quality, Resampler, to_pcm16};
use std::hint::black_box;

struct Float(Resampler, [f32; FRAME_OUT]);

impl Peer for Float {
    fn frame(&mut self, input: &[f32; FRAME_IN], output: &mut Vec<f32>) -> anyhow::Result<()> {
        let len = self.0.process(input, &mut self.1)?;
        output.extend_from_slice(&self.1[..len]);
        Ok(())
    }
}

/// 16-bit in and out.
struct Pcm16(Resampler, [i16; FRAME_OUT]);

impl Peer for Pcm16 {
    fn frame(&mut self, input: &[f32; FRAME_IN], output: &mut Vec<f32>) -> anyhow::Result<()> {
        let input = input.map(to_pcm16);
        let len = self.0.process(&input, &mut self.1)?;
        output.extend(
            self.1[..len]
                .iter()
                .map(|sample| f32::from(*sample) / 32_767.0),
        );
        Ok(())
    }

    /// The conversions above are the comparison's, not the resampler's.
    fn busy_frame(&mut self, input: &Noise, _: &mut Vec<f32>) -> anyhow::Result<()> {
        black_box(self.0.process(&input.pcm16, &mut self.1)?);
        Ok(())
    }
}

pub(super) fn float(quality: Quality) -> Box<dyn Peer> {
    Box::new(Float(resampler(quality), [0.0; FRAME_OUT]))
}

pub(super) fn pcm16(quality: Quality) -> Box<dyn Peer> {
    Box::new(Pcm16(resampler(quality), [0; FRAME_OUT]))
}

fn resampler(quality: Quality) -> Resampler {
    Resampler::new(Conversion::From16To24, quality)
}
