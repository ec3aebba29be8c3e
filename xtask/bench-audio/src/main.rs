//! Compares the resampler of `audio-dsp` with its peers, 16 to 24 kHz in frames of 20 ms.
//!
//! Without arguments it prints the table. `run PEER FRAMES` feeds one peer and nothing else: the
//! table's instructions and allocations are differences between two such runs under valgrind.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "signals are made of indices, and samples of signals"
)]

mod measure;
mod peers;
mod table;

use anyhow::{Context, bail};

/// Samples in a frame that goes in.
const FRAME_IN: usize = 320;

/// Samples in a frame that comes out.
const FRAME_OUT: usize = 480;

const INPUT_HZ: f64 = 16_000.0;
const OUTPUT_HZ: f64 = 24_000.0;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        [] => table::print(),
        ["run", name, frames] => {
            let frames = frames.parse().context("FRAMES is a number")?;
            peers::run(name, frames)
        }
        _ => bail!("usage: bench-audio [run PEER FRAMES]"),
    }
}
