//! From a photo of a page to what suits the reader: straight lines of equal size on white paper.
//!
//! The reader copes with print, not with photos: pages that bulge, lean and lie in the shade, with
//! the next page and a thumb at the edge. So each line of text is found here, and drawn anew:
//!
//! 1. `flatten`: shade and lamp light are divided out.
//! 2. `upright`: pages that lie on their side or on their head are turned.
//! 3. `find`: lines are found on a picture of moderate size (`shrink`):
//!    - `ink`: what is darker than its surroundings;
//!    - `blobs`: connected ink, mostly letters;
//!    - `lean`: how steep lines run on the whole;
//!    - `chain`: blobs side by side become pieces of lines;
//!    - `line`: the baseline of each piece, however it bends (`curve`), and its height;
//!    - `noise`: wood, cloth and grain are left out, `margin`: and the next page;
//!    - `gather`: single letters beside a line are taken in;
//!    - `join`: pieces on both sides of a pen become one line;
//!    - `order`: lines come into reading order.
//! 4. `strip`: every line is drawn from the photo, straight and of one height.
//! 5. `crisp`: black on white, and sharp where the photo is blurred.
//!
//! `clean` tells pictures that no camera took, which the reader copes with as they are.

mod blobs;
mod chain;
mod clean;
mod crisp;
mod curve;
mod find;
mod flatten;
mod gather;
mod ink;
mod join;
mod lean;
mod line;
mod margin;
mod noise;
mod order;
mod shrink;
mod strip;
mod upright;

pub(crate) use clean::is_clean;
pub(crate) use crisp::{sharpened, stretched};
pub(crate) use upright::page;
