use super::Peer;
use crate::{FRAME_IN, FRAME_OUT};
use anyhow::ensure;
use std::ffi::{c_int, c_void};

unsafe extern "C" {
    fn speex_resampler_init(
        channels: u32,
        input_rate: u32,
        output_rate: u32,
        quality: c_int,
        error: *mut c_int,
    ) -> *mut c_void;
    fn speex_resampler_process_float(
        state: *mut c_void,
        channel: u32,
        input: *const f32,
        input_len: *mut u32,
        output: *mut f32,
        output_len: *mut u32,
    ) -> c_int;
    fn speex_resampler_destroy(state: *mut c_void);
}

struct Speex(*mut c_void, [f32; 2 * FRAME_OUT]);

impl Peer for Speex {
    fn frame(&mut self, input: &[f32; FRAME_IN], output: &mut Vec<f32>) -> anyhow::Result<()> {
        let (mut taken, mut given) = (u32::try_from(FRAME_IN)?, u32::try_from(self.1.len())?);
        // SAFETY: the state is alive, both buffers hold the lengths stated.
        let error = unsafe {
            let (from, to) = (input.as_ptr(), self.1.as_mut_ptr());
            speex_resampler_process_float(self.0, 0, from, &raw mut taken, to, &raw mut given)
        };
        ensure!(
            error == 0 && taken as usize == FRAME_IN,
            "speexdsp refused a frame"
        );
        output.extend_from_slice(&self.1[..given as usize]);
        Ok(())
    }
}

impl Drop for Speex {
    fn drop(&mut self) {
        // SAFETY: created by speex_resampler_init, destroyed once.
        unsafe { speex_resampler_destroy(self.0) }
    }
}

pub(super) fn start<const QUALITY: c_int>() -> anyhow::Result<Box<dyn Peer>> {
    let mut error = 0;
    // SAFETY: one channel, rates and quality within range.
    let state = unsafe { speex_resampler_init(1, 16_000, 24_000, QUALITY, &raw mut error) };
    ensure!(
        error == 0 && !state.is_null(),
        "speex_resampler_init failed with {error}"
    );
    Ok(Box::new(Speex(state, [0.0; 2 * FRAME_OUT])))
}
