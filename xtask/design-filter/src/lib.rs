//! Designs the low-pass prototypes of `audio-dsp`.
//!
//! `cargo run -p design-filter -- crates/domain/audio-dsp/src/prototype.rs` writes them; without a
//! path they are printed. A test of `audio-dsp` fails when the file and this program disagree.
//!
//! [`wishes`] says what is wanted, [`remez`] finds the filter, [`source`] writes it down.

pub mod lagrange;
pub mod measure;
pub mod remez;
pub mod source;
pub mod wishes;
