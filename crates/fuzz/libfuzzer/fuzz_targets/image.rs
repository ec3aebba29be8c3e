#![no_main]

#[path = "../../tests/it/targets/image.rs"]
mod image;

libfuzzer_sys::fuzz_target!(|data: &[u8]| image::target(data));
