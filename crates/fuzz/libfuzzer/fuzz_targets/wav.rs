#![no_main]

#[path = "../../tests/it/targets/wav.rs"]
mod wav;

libfuzzer_sys::fuzz_target!(|data: &[u8]| wav::target(data));
