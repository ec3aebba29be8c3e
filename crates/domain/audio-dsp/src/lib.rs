#![doc = include_str!("../README.md")]
#![no_std]
#![forbid(unsafe_code)]

#[cfg(feature = "alloc")]
extern crate alloc;

mod bytes;
mod conversion;
mod error;
mod fir;
mod framer;
mod linear;
mod prototype;
mod quality;
mod resampler;
mod sample;
pub mod wav;

#[cfg(feature = "alloc")]
pub use bytes::append_pcm16_le;
pub use bytes::{f32_le_samples, pcm16_le_samples, to_pcm16, write_pcm16_le};
pub use conversion::Conversion;
pub use error::{OutputTooSmall, RaggedBytes};
pub use framer::{FRAME_BYTES_16_KHZ, FRAME_BYTES_24_KHZ, Framer};
pub use quality::Quality;
pub use resampler::Resampler;
pub use sample::Sample;
