//! Whether two pictures show the same view.
//!
//! A student stays on a page while picture after picture comes in, none of them quite like the one
//! before: the camera shakes and comes nearer, the light changes, a hand moves in. A turned page has
//! the same margins, lines and picture frames, and other words. So what is compared are words, where
//! they stand:
//!
//! 1. `sketch`: the picture small enough that letters blur into words, as contrast to what is around.
//! 2. `signature`: the sketch and the sharpness of the picture in about 55 kB, what is kept.
//! 3. `register`: how the camera has moved, as a plane map found from coarse to fine.
//! 4. `blocks`: block by block, whether the slopes of brightness agree, both across and down. Lines
//!    of text, rules and table borders agree with others in one direction; words do not in the other.
//!
//! What follows from the counts is [`vision::Likeness`]'s to decide.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "sides are a few hundred pixels, samples a byte, and every place is checked against them"
)]

mod affine;
mod blocks;
mod plane;
mod register;
mod sharpness;
mod signature;
mod sketch;

use vision::{Likeness, Signature};

use crate::raster::Raster;
use signature::Parts;

/// The longer side of a sketch in pixels: text of an ordinary page is then about five high.
const SIDE: u32 = 384;

/// What is kept of an upright picture.
pub(crate) fn signature(raster: &Raster) -> Signature {
    let sketch = sketch::sketch(raster, SIDE);
    let sharpness = sharpness::of(raster);
    Parts { sketch, sharpness }.pack()
}

/// How much of `before` is still to be seen in `now`. Signatures of different shapes, and bytes that
/// are none, have nothing in common.
pub(crate) fn likeness(now: &Signature, before: &Signature) -> Likeness {
    let (Some(now), Some(before)) = (Parts::unpack(now), Parts::unpack(before)) else {
        return Likeness::default();
    };
    if !register::is_possible(&now.sketch, &before.sketch) {
        return Likeness::default();
    }
    let (is, was) = (now.sketch.smoothed(), before.sketch.smoothed());
    let moved = register::register(&is, &was);
    Likeness {
        sharper: now.sharpness.over(before.sharpness),
        ..blocks::count(&is, &was, moved)
    }
}
