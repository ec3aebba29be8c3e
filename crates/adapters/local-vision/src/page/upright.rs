//! Pages the right way up, dark on light.

use super::blobs::{Blob, Blobs};
use super::find::{Found, blobs, found};
use super::flatten::{flatten, transposed};
use super::lean::lean;
use crate::luma::Luma;

/// Letters line up this much better along lines than across them.
const CLEARLY: f32 = 1.25;
/// With fewer letters than this, light letters on a dark board are looked for as well.
const FEW_LETTERS: usize = 60;

/// A photo made ready.
pub(crate) struct Page {
    /// The lines that were found, straight and of one height, in reading order.
    pub(crate) strips: Vec<Luma>,
    /// The whole photo upright, dark on light, without shade.
    pub(crate) flat: Luma,
}

/// Makes a photo ready.
pub(crate) fn page(photo: &Luma) -> Page {
    let (mut flat, mut best) = lying_right(flatten(photo));
    if best.letters() < FEW_LETTERS {
        let (negative, other) = lying_right(flatten(&inverted(photo)));
        if other.letters() > best.letters() {
            (flat, best) = (negative, other);
        }
    }
    Page {
        strips: best.drawn(&flat),
        flat,
    }
}

/// The picture turned so that its lines run to the right and its letters stand on their feet.
fn lying_right(flat: Luma) -> (Luma, Found) {
    let blobs_as_is = blobs(&flat);
    let (flat, blobs_level) = if is_sideways(&blobs_as_is) {
        let turned = quarter_turned(&flat);
        let blobs = blobs(&turned);
        (turned, blobs)
    } else {
        (flat, blobs_as_is)
    };
    let level = found(&flat, blobs_level);
    if !is_upside_down(&level) {
        return (flat, level);
    }
    let turned = half_turned(&flat);
    let found = found(&turned, blobs(&turned));
    (turned, found)
}

/// Letters line up better from top to bottom.
fn is_sideways(blobs: &Blobs) -> bool {
    let across: Vec<Blob> = blobs.all.iter().map(swapped).collect();
    let (_, level) = lean(&blobs.all);
    let (_, upright) = lean(&across);
    upright > CLEARLY * level
}

fn swapped(blob: &Blob) -> Blob {
    Blob {
        left: blob.top,
        top: blob.left,
        right: blob.bottom,
        bottom: blob.right,
        area: blob.area,
    }
}

/// Far more letters reach up (b, d, capitals) than down (g, p). When the reverse is seen, the page
/// stands on its head.
fn is_upside_down(found: &Found) -> bool {
    let (mut up, mut down) = (0_u32, 0_u32);
    for line in &found.lines {
        let letters = line.blobs.iter().map(|index| &found.blobs.all[*index]);
        for blob in letters.filter(|blob| blob.width() < 1.5 * line.x_height) {
            let foot = line.base.y(blob.x());
            up += u32::from(foot - blob.top > 1.3 * line.x_height);
            down += u32::from(blob.bottom - foot > 0.25 * line.x_height);
        }
    }
    down > 20 && down > 2 * up
}

fn inverted(picture: &Luma) -> Luma {
    Luma {
        pixels: picture.pixels.iter().map(|pixel| !pixel).collect(),
        ..*picture
    }
}

fn half_turned(picture: &Luma) -> Luma {
    Luma {
        pixels: picture.pixels.iter().rev().copied().collect(),
        ..*picture
    }
}

/// A quarter to the right.
fn quarter_turned(picture: &Luma) -> Luma {
    let mut turned = transposed(picture);
    for row in turned.pixels.chunks_exact_mut(picture.height) {
        row.reverse();
    }
    turned
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn any_picture_is_prepared(
            width in 1_usize..120,
            height in 1_usize..120,
            seed in prop::collection::vec(any::<u8>(), 1..300),
        ) {
            let pixels = seed.iter().copied().cycle().take(width * height).collect();
            let photo = Luma::new(pixels, width, height).unwrap();
            let page = page(&photo);
            prop_assert_eq!(page.flat.pixels.len(), photo.pixels.len());
            prop_assert!(page.strips.iter().all(|strip| strip.height == page.strips[0].height));
        }
    }

    #[test]
    fn four_quarters_are_a_whole_turn_and_two_a_half() {
        let picture = Luma::new((0..6).collect(), 3, 2).unwrap();
        let half = quarter_turned(&quarter_turned(&picture));
        assert_eq!(half, half_turned(&picture));
        assert_eq!(half_turned(&half), picture);
    }
}
