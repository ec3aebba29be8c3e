use super::Peer;
use crate::{FRAME_IN, FRAME_OUT, INPUT_HZ, OUTPUT_HZ};
use anyhow::ensure;
use std::ffi::{c_char, c_uint, c_void};
use std::ptr::null;

unsafe extern "C" {
    fn soxr_create(
        input_rate: f64,
        output_rate: f64,
        channels: c_uint,
        error: *mut *const c_char,
        io_spec: *const c_void,
        quality_spec: *const c_void,
        runtime_spec: *const c_void,
    ) -> *mut c_void;
    fn soxr_process(
        resampler: *mut c_void,
        input: *const f32,
        input_len: usize,
        input_done: *mut usize,
        output: *mut f32,
        output_len: usize,
        output_done: *mut usize,
    ) -> *const c_char;
    fn soxr_delete(resampler: *mut c_void);
}

struct Soxr(*mut c_void, [f32; 4 * FRAME_OUT]);

impl Peer for Soxr {
    fn frame(&mut self, input: &[f32; FRAME_IN], output: &mut Vec<f32>) -> anyhow::Result<()> {
        let (mut taken, mut given) = (0, 0);
        let out = &mut self.1;
        // SAFETY: the resampler is alive, both buffers hold the lengths stated.
        let error = unsafe {
            let (from, to) = (input.as_ptr(), out.as_mut_ptr());
            soxr_process(
                self.0,
                from,
                FRAME_IN,
                &raw mut taken,
                to,
                out.len(),
                &raw mut given,
            )
        };
        ensure!(error.is_null() && taken == FRAME_IN, "soxr refused a frame");
        output.extend_from_slice(&self.1[..given]);
        Ok(())
    }
}

impl Drop for Soxr {
    fn drop(&mut self) {
        // SAFETY: created by soxr_create, deleted once.
        unsafe { soxr_delete(self.0) }
    }
}

/// Its defaults: float samples, HQ, one thread.
pub(super) fn start() -> anyhow::Result<Box<dyn Peer>> {
    let mut error = null();
    // SAFETY: null specifications mean defaults.
    let resampler = unsafe {
        soxr_create(
            INPUT_HZ,
            OUTPUT_HZ,
            1,
            &raw mut error,
            null(),
            null(),
            null(),
        )
    };
    ensure!(
        error.is_null() && !resampler.is_null(),
        "soxr_create failed"
    );
    Ok(Box::new(Soxr(resampler, [0.0; 4 * FRAME_OUT])))
}
