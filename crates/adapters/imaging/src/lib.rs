//! Image decoding within limits: sniffed, turned upright, scaled.
//!
//! [`Imaging`] answers [`vision::ImagePreparer`]. A file goes through these rooms in order:
//!
//! 1. `sniff`: which format, by content; formats that are not decoded are named.
//! 2. `header`: size and shape, read without decoding; the [`Limits`] are
//!    applied here.
//! 3. `decode`: pixels, grey where grey is asked for and the file allows it.
//! 4. `scale`, then `turn` by EXIF (fewer pixels to turn).
//! 5. `scene`: what tells whether another picture shows the same view; [`Imaging`] compares two of
//!    them as [`vision::SceneComparer`].
//! 6. `encode`: luma as it is, or a JPEG without metadata.
//! 7. `clean`: the file as it came, without what was written beside its pixels.
//!
//! # Memory
//! Every call books what it will need at most, worked out from the header, against one budget
//! ([`Limits::memory_bytes`]) before a pixel is decoded, and waits until that much is free. However
//! many calls run at once, decoded pixels stay below that budget; the files themselves belong to
//! the caller and come on top. A picture that alone would break the budget is refused as
//! [`vision::ImageFault::TooManyPixels`].
//!
//! # Processors
//! At most [`Limits::lanes`] pictures are decoded at a time, each on a blocking thread, in the order
//! they came.

mod clean;
mod cost;
mod decode;
mod encode;
mod exif;
mod header;
mod imaging;
mod jpeg;
mod limits;
mod png;
mod raster;
mod riff;
mod scale;
mod scene;
mod sniff;
mod turn;

pub use imaging::{Imaging, signature_of_rgb};
pub use limits::Limits;
