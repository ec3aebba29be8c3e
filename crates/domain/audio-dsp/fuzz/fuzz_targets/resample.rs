#![no_main]

#[expect(dead_code, reason = "each target runs one of the bodies")]
#[path = "../../tests/it/fuzz_body.rs"]
mod fuzz_body;

libfuzzer_sys::fuzz_target!(|data: &[u8]| fuzz_body::resample(data));
