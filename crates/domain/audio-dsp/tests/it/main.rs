//! What the crate promises, tried through its public face.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "signals are made of indices, and samples of signals"
)]

mod allocation;
mod bytes;
mod cuts;
mod design;
mod extremes;
mod framing;
mod fuzz_body;
mod fuzzed;
mod lengths;
mod linear;
mod response;
mod signal;
mod wav;
