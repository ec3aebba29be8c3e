use super::Peer;
use crate::{FRAME_IN, FRAME_OUT, INPUT_HZ, OUTPUT_HZ};
use anyhow::ensure;
use std::ffi::{c_int, c_long, c_void};

#[repr(C)]
struct Data {
    input: *const f32,
    output: *mut f32,
    input_frames: c_long,
    output_frames: c_long,
    input_frames_used: c_long,
    output_frames_gen: c_long,
    end_of_input: c_int,
    src_ratio: f64,
}

unsafe extern "C" {
    fn src_new(converter: c_int, channels: c_int, error: *mut c_int) -> *mut c_void;
    fn src_process(state: *mut c_void, data: *mut Data) -> c_int;
    fn src_delete(state: *mut c_void) -> *mut c_void;
}

const SINC_MEDIUM: c_int = 1;
const SINC_FASTEST: c_int = 2;

struct Samplerate(*mut c_void, [f32; 2 * FRAME_OUT]);

impl Peer for Samplerate {
    fn frame(&mut self, input: &[f32; FRAME_IN], output: &mut Vec<f32>) -> anyhow::Result<()> {
        let mut data = Data {
            input: input.as_ptr(),
            output: self.1.as_mut_ptr(),
            input_frames: c_long::try_from(FRAME_IN)?,
            output_frames: c_long::try_from(self.1.len())?,
            input_frames_used: 0,
            output_frames_gen: 0,
            end_of_input: 0,
            src_ratio: OUTPUT_HZ / INPUT_HZ,
        };
        // SAFETY: the state is alive, both buffers hold the lengths stated.
        let error = unsafe { src_process(self.0, &raw mut data) };
        ensure!(
            error == 0 && data.input_frames_used == data.input_frames,
            "refused a frame"
        );
        output.extend_from_slice(&self.1[..usize::try_from(data.output_frames_gen)?]);
        Ok(())
    }
}

impl Drop for Samplerate {
    fn drop(&mut self) {
        // SAFETY: created by src_new, deleted once.
        unsafe { src_delete(self.0) };
    }
}

pub(super) fn start_fast() -> anyhow::Result<Box<dyn Peer>> {
    start(SINC_FASTEST)
}

pub(super) fn start_medium() -> anyhow::Result<Box<dyn Peer>> {
    start(SINC_MEDIUM)
}

fn start(converter: c_int) -> anyhow::Result<Box<dyn Peer>> {
    let mut error = 0;
    // SAFETY: a converter the library knows, one channel.
    let state = unsafe { src_new(converter, 1, &raw mut error) };
    ensure!(
        error == 0 && !state.is_null(),
        "src_new failed with {error}"
    );
    Ok(Box::new(Samplerate(state, [0.0; 2 * FRAME_OUT])))
}
