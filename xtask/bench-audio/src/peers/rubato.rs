use super::Peer;
use crate::{FRAME_IN, FRAME_OUT};
use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler as _};

struct Fixed(Fft<f32>, [f32; FRAME_OUT]);

impl Peer for Fixed {
    fn frame(&mut self, input: &[f32; FRAME_IN], output: &mut Vec<f32>) -> anyhow::Result<()> {
        let taken = InterleavedSlice::new(input, 1, FRAME_IN)?;
        let mut given = InterleavedSlice::new_mut(&mut self.1, 1, FRAME_OUT)?;
        let (_, len) = self.0.process_into_buffer(&taken, &mut given, None)?;
        output.extend_from_slice(&self.1[..len]);
        Ok(())
    }
}

pub(super) fn start_fft() -> anyhow::Result<Box<dyn Peer>> {
    let fft = Fft::new(16_000, 24_000, FRAME_IN, 1, FixedSync::Both)?;
    Ok(Box::new(Fixed(fft, [0.0; FRAME_OUT])))
}
