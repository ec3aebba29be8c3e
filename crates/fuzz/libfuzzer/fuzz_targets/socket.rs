#![no_main]

#[path = "../../tests/it/targets/socket.rs"]
mod socket;

libfuzzer_sys::fuzz_target!(|data: &[u8]| socket::target(data));
