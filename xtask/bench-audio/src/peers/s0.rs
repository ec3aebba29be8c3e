//! The algorithm of the first product, as it was: 16-bit, a straight line between two samples.

use super::Peer;
use crate::FRAME_IN;

const STEP: f64 = 16_000.0 / 24_000.0;

#[derive(Default)]
struct Linear {
    prev_sample: f64,
    fractional_pos: f64,
}

impl Peer for Linear {
    fn frame(&mut self, input: &[f32; FRAME_IN], output: &mut Vec<f32>) -> anyhow::Result<()> {
        for sample in input {
            let current = f64::from(sample.clamp(-1.0, 1.0) * 32_767.0).trunc();
            while self.fractional_pos < 1.0 {
                let between = self.prev_sample + (current - self.prev_sample) * self.fractional_pos;
                output.push((between.round().clamp(-32_768.0, 32_767.0) / 32_767.0) as f32);
                self.fractional_pos += STEP;
            }
            self.fractional_pos -= 1.0;
            self.prev_sample = current;
        }
        Ok(())
    }
}

pub(super) fn start() -> Box<dyn Peer> {
    Box::new(Linear::default())
}
