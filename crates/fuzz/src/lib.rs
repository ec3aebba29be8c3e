//! Throws bytes at whatever reads bytes of others.
//!
//! A target is a function of bytes that panics when a promise is broken. [`run`] replays the corpus
//! of its name, every file of it, and then throws altered ones at it: the same ones every time, on
//! stable Rust, in the ordinary tests. `docs/fuzzing.md` says how to let it run for long, how a
//! fuzzer that watches the code is used on the same targets, and what to do with a finding.
//!
//! What is altered comes from [`proptest`], which also looks for the smallest alteration that still
//! breaks the promise. Random bytes alone would not get past the first check of most readers.

mod corpus;
mod edits;
mod run;

pub use corpus::{Seed, corpus};
pub use run::{Effort, run};
