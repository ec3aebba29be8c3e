#![no_main]

#[path = "../../tests/it/targets/realtime.rs"]
mod realtime;

libfuzzer_sys::fuzz_target!(|data: &[u8]| realtime::target(data));
