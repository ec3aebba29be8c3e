use core::time::Duration;

use crate::conversion::{Conversion, TICKS_PER_SECOND};
use crate::error::OutputTooSmall;
use crate::fir::Fir;
use crate::linear::Linear;
use crate::quality::Quality;
use crate::sample::Sample;

/// Converts a stream of mono samples from one rate to another, piece by piece.
///
/// The outputs, joined, are the same bit by bit however the input was cut. All state lives in the
/// value itself (about 9 KB); no call allocates, locks or panics.
///
/// Samples are worked on in groups, the longest of 12 input samples (0.5 ms); what is no whole
/// group waits for the next call. Frames of 10 or 20 ms are whole groups: nothing waits.
#[derive(Clone, Debug)]
pub struct Resampler {
    conversion: Conversion,
    quality: Quality,
    engine: Engine,
}

#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "boxing would need an allocator")]
enum Engine {
    Linear(Linear),
    Fir(Fir),
}

impl Resampler {
    /// A resampler at the start of a stream: everything before it was silence.
    #[must_use]
    pub fn new(conversion: Conversion, quality: Quality) -> Self {
        let engine = match quality {
            Quality::Linear => Engine::Linear(Linear::new(conversion)),
            Quality::Voice | Quality::High => Engine::Fir(Fir::new(conversion, quality)),
        };
        Self {
            conversion,
            quality,
            engine,
        }
    }

    /// The rates.
    #[must_use]
    pub const fn conversion(&self) -> Conversion {
        self.conversion
    }

    /// The quality.
    #[must_use]
    pub const fn quality(&self) -> Quality {
        self.quality
    }

    /// Exactly how many samples [`process`](Self::process) makes of the next `input_len`.
    #[must_use]
    pub const fn output_len(&self, input_len: usize) -> usize {
        match &self.engine {
            Engine::Linear(linear) => linear.output_len(input_len),
            Engine::Fir(fir) => fir.output_len(input_len),
        }
    }

    /// Takes all of `input` and writes to the front of `output`; returns how many samples.
    ///
    /// # Errors
    /// [`OutputTooSmall`] when `output` is shorter than [`output_len`](Self::output_len) says;
    /// the call has then done nothing.
    pub fn process<I: Sample, O: Sample>(
        &mut self,
        input: &[I],
        output: &mut [O],
    ) -> Result<usize, OutputTooSmall> {
        let len = self.output_len(input.len());
        OutputTooSmall::check(len, output.len())?;
        self.run(input, &mut output[..len]);
        Ok(len)
    }

    /// Like [`process`](Self::process), appending to `output`. Allocates only where `output` has
    /// to grow.
    #[cfg(feature = "alloc")]
    pub fn process_into<I: Sample, O: Sample>(
        &mut self,
        input: &[I],
        output: &mut alloc::vec::Vec<O>,
    ) {
        let start = output.len();
        output.resize(start + self.output_len(input.len()), O::SILENCE);
        self.run(input, &mut output[start..]);
    }

    fn run<I: Sample, O: Sample>(&mut self, input: &[I], output: &mut [O]) {
        match &mut self.engine {
            Engine::Linear(linear) => linear.process(input, output),
            Engine::Fir(fir) => fir.process(input, output),
        }
    }

    /// Exactly how many samples [`flush`](Self::flush) makes.
    #[must_use]
    pub const fn flush_len(&self) -> usize {
        match &self.engine {
            Engine::Linear(linear) => linear.flush_len(),
            Engine::Fir(fir) => fir.flush_len(),
        }
    }

    /// Ends the stream: writes what is still held and all the filter rings with, then
    /// [`reset`](Self::reset)s. Returns how many samples.
    ///
    /// To line the whole output up with its input, skip [`delay`](Self::delay) at its front.
    ///
    /// # Errors
    /// [`OutputTooSmall`] when `output` is shorter than [`flush_len`](Self::flush_len) says;
    /// the call has then done nothing.
    pub fn flush<O: Sample>(&mut self, output: &mut [O]) -> Result<usize, OutputTooSmall> {
        let len = self.flush_len();
        OutputTooSmall::check(len, output.len())?;
        self.end(&mut output[..len]);
        Ok(len)
    }

    /// Like [`flush`](Self::flush), appending to `output`.
    #[cfg(feature = "alloc")]
    pub fn flush_into<O: Sample>(&mut self, output: &mut alloc::vec::Vec<O>) {
        let start = output.len();
        output.resize(start + self.flush_len(), O::SILENCE);
        self.end(&mut output[start..]);
    }

    fn end<O: Sample>(&mut self, output: &mut [O]) {
        match &mut self.engine {
            Engine::Linear(linear) => linear.flush(output),
            Engine::Fir(fir) => fir.flush(output),
        }
    }

    /// Back to the start of a stream. Forgets what is held.
    pub fn reset(&mut self) {
        match &mut self.engine {
            Engine::Linear(linear) => linear.reset(),
            Engine::Fir(fir) => fir.reset(),
        }
    }

    /// How much later a sound comes out than it went in, the same at every frequency.
    #[must_use]
    pub fn delay(&self) -> Duration {
        Duration::from_secs(self.delay_ticks() as u64) / TICKS_PER_SECOND
    }

    /// The [`delay`](Self::delay) in output samples, not always a whole number.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a few hundred ticks")]
    pub fn delay_in_output_samples(&self) -> f64 {
        self.delay_ticks() as f64 * f64::from(self.conversion.output_hz())
            / f64::from(TICKS_PER_SECOND)
    }

    const fn delay_ticks(&self) -> usize {
        match &self.engine {
            Engine::Linear(linear) => linear.delay_ticks(),
            Engine::Fir(fir) => fir.delay_ticks(),
        }
    }
}
