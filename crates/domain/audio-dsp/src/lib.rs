#![doc = include_str!("../README.md")]
#![no_std]
#![forbid(unsafe_code)]

#[cfg(feature = "alloc")]
extern crate alloc;


mod conversion;
mod error;
mod fir;

mod linear;
mod prototype;
mod quality;
mod resampler;
mod sample;


pub use conversion::Conversion;
pub use error::{OutputTooSmall, RaggedBytes};
pub use quality::Quality;
pub use resampler::Resampler;
pub use sample::Sample;
