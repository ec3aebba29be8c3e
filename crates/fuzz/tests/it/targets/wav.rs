//! The head of a WAV file.

#[expect(dead_code, reason = "the other bodies are run where they stand")]
#[path = "../../../../domain/audio-dsp/tests/it/fuzz_body.rs"]
mod fuzz_body;

pub(crate) use fuzz_body::wav as target;
