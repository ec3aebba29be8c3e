#![no_main]

#[path = "../../tests/it/targets/journal.rs"]
mod journal;

libfuzzer_sys::fuzz_target!(|data: &[u8]| journal::target(data));
