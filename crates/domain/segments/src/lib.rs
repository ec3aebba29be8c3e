//! Segments: the sound a client records while it shows one image.
//!
//! [`Segments`] is the facade. A request is read as it arrives: [`Incoming`] cuts the sound out of
//! the JSON around it (`reading`), decodes it and puts it aside through the port [`Scratch`], so
//! that ten megabytes of sound never lie in memory. What the bytes are is told by [`Container`].
//! Then the sound becomes an object of its own, and one transaction of [`SegmentStore`] makes the
//! segment's row name it and let go of the one before: a reader sees all of one call or all of
//! another, and whatever is named by no row has a lease that ends.

mod container;
mod error;
mod incoming;
mod label;
mod ports;
mod reading;
mod segment;
mod segments;

pub use container::Container;
pub use error::{SegmentError, SegmentListError};
pub use incoming::Incoming;
pub use label::{ImageIndex, InvalidLabel, Label};
pub use ports::{Draft, ImageWatcher, Kept, Scratch, SegmentStore};
pub use segment::{Missing, Segment, SegmentPlace, Sound};
pub use segments::{Linked, SegmentList, SegmentPorts, SegmentRules, Segments};
