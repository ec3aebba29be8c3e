#![no_main]

use std::sync::LazyLock;

#[expect(dead_code, reason = "one of the targets is run")]
#[path = "../../../adapters/http-api/tests/it/fuzzed.rs"]
mod fuzzed;
#[expect(dead_code, reason = "the harness has more than one target needs")]
#[path = "../../../adapters/http-api/tests/it/harness/mod.rs"]
mod harness;

static HOUSE: LazyLock<fuzzed::House> = LazyLock::new(fuzzed::House::open);

libfuzzer_sys::fuzz_target!(|data: &[u8]| HOUSE.form(data));
