//! An export as a zip that is streamed while it is made.
//!
//! [`zip_stream`] gives the two ends: a [`privacy::Archive`] to write to and the bytes of the zip
//! to read. The packing is done by one thread for blocking work, with short queues on both sides: it
//! waits while nobody reads, and whoever writes waits for it.
//!
//! [`ZipFolder`] reads a zip that lies in a file.
//!
//! A zip ends with its table of contents. It is written when the archive is finished and at no
//! other time; without it, no program takes the file for whole, and the stream ends with an error.

mod ends;
mod packer;
mod unpack;

pub use ends::{ZipBytes, zip_stream};
pub use unpack::ZipFolder;
