#![no_main]

#[path = "../../tests/it/targets/cursor.rs"]
mod cursor;

libfuzzer_sys::fuzz_target!(|data: &[u8]| cursor::target(data));
