#![no_main]

#[path = "../../tests/it/targets/events.rs"]
mod events;

libfuzzer_sys::fuzz_target!(|data: &[u8]| events::target(data));
