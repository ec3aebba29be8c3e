use super::Peer;
use crate::{FRAME_IN, FRAME_OUT};
use anyhow::ensure;
use std::ffi::{CStr, c_char, c_int, c_void};

unsafe extern "C" {
    fn swr_alloc() -> *mut c_void;
    fn swr_init(context: *mut c_void) -> c_int;
    fn swr_free(context: *mut *mut c_void);
    fn swr_convert(
        context: *mut c_void,
        output: *mut *mut u8,
        output_len: c_int,
        input: *mut *const u8,
        input_len: c_int,
    ) -> c_int;
    fn av_opt_set(
        object: *mut c_void,
        name: *const c_char,
        value: *const c_char,
        flags: c_int,
    ) -> c_int;
}

const OPTIONS: [(&CStr, &CStr); 6] = [
    (c"in_chlayout", c"mono"),
    (c"out_chlayout", c"mono"),
    (c"in_sample_rate", c"16000"),
    (c"out_sample_rate", c"24000"),
    (c"in_sample_fmt", c"flt"),
    (c"out_sample_fmt", c"flt"),
];

struct Swresample(*mut c_void, [f32; 2 * FRAME_OUT]);

impl Peer for Swresample {
    fn frame(&mut self, input: &[f32; FRAME_IN], output: &mut Vec<f32>) -> anyhow::Result<()> {
        let (mut from, mut to) = (input.as_ptr().cast(), self.1.as_mut_ptr().cast());
        let (input_len, output_len) = (c_int::try_from(FRAME_IN)?, c_int::try_from(self.1.len())?);
        // SAFETY: the context is alive, both planes hold the lengths stated.
        let given =
            unsafe { swr_convert(self.0, &raw mut to, output_len, &raw mut from, input_len) };
        output.extend_from_slice(&self.1[..usize::try_from(given)?]);
        Ok(())
    }
}

impl Drop for Swresample {
    fn drop(&mut self) {
        // SAFETY: created by swr_alloc, freed once.
        unsafe { swr_free(&raw mut self.0) }
    }
}

pub(super) fn start() -> anyhow::Result<Box<dyn Peer>> {
    // SAFETY: no preconditions; a null context is refused below.
    let peer = Swresample(unsafe { swr_alloc() }, [0.0; 2 * FRAME_OUT]);
    ensure!(!peer.0.is_null(), "swr_alloc failed");
    for (name, value) in OPTIONS {
        // SAFETY: the context is alive and the strings end in zero.
        let error = unsafe { av_opt_set(peer.0, name.as_ptr(), value.as_ptr(), 0) };
        ensure!(error >= 0, "swresample refused {name:?}");
    }
    // SAFETY: the context is alive and has its options.
    let error = unsafe { swr_init(peer.0) };
    ensure!(error >= 0, "swr_init failed with {error}");
    Ok(Box::new(peer))
}
