use crate::conversion::{Conversion, TICKS_PER_SECOND};
use crate::sample::Sample;

/// A straight line from the previous sample to the current one, read at a position that is
/// carried over. The position is a whole number of ticks, so it never drifts.
#[derive(Clone, Debug)]
pub(crate) struct Linear {
    up: usize,
    down: usize,
    delay_ticks: usize,
    prev_sample: f32,
    /// Where the next output lies after `prev_sample`, in `1 / up` of the input spacing.
    fractional_pos: usize,
}

impl Linear {
    pub(crate) const fn new(conversion: Conversion) -> Self {
        Self {
            up: conversion.up(),
            down: conversion.down(),
            delay_ticks: (TICKS_PER_SECOND / conversion.input_hz()) as usize,
            prev_sample: 0.0,
            fractional_pos: 0,
        }
    }

    pub(crate) const fn delay_ticks(&self) -> usize {
        self.delay_ticks
    }

    pub(crate) const fn output_len(&self, input_len: usize) -> usize {
        (input_len * self.up)
            .saturating_sub(self.fractional_pos)
            .div_ceil(self.down)
    }

    /// `output` holds what [`output_len`](Self::output_len) said.
    pub(crate) fn process<I: Sample, O: Sample>(&mut self, input: &[I], output: &mut [O]) {
        let mut slots = output.iter_mut();
        for sample in input {
            let current = sample.to_f32();
            while self.fractional_pos < self.up {
                if let Some(slot) = slots.next() {
                    *slot = O::from_f32(self.between(current));
                }
                self.fractional_pos += self.down;
            }
            self.fractional_pos -= self.up;
            self.prev_sample = current;
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "both are three or less")]
    fn between(&self, current: f32) -> f32 {
        let fraction = self.fractional_pos as f32 / self.up as f32;
        self.prev_sample + (current - self.prev_sample) * fraction
    }

    pub(crate) const fn flush_len(&self) -> usize {
        self.output_len(1)
    }

    /// The last line falls to silence.
    pub(crate) fn flush<O: Sample>(&mut self, output: &mut [O]) {
        self.process(&[0.0_f32], output);
        self.reset();
    }

    pub(crate) const fn reset(&mut self) {
        self.prev_sample = 0.0;
        self.fractional_pos = 0;
    }
}
