//! Smaller pictures.

use crate::luma::Luma;

/// Lines are found on pictures no larger than this; letters of a page have some 15 pixels then.
const FINDING_SIDE: usize = 2200;

/// How many pixels of the photo make one pixel in which lines are found: 1 or 2.
pub(super) fn factor(photo: &Luma) -> usize {
    photo.width.max(photo.height).div_ceil(FINDING_SIDE)
}

/// The picture with every `factor × factor` pixels averaged to one; what is left over at the right
/// and the lower edge is dropped.
pub(crate) fn shrunk(picture: &Luma, factor: usize) -> Luma {
    let (width, height) = (picture.width / factor, picture.height / factor);
    if factor <= 1 || width == 0 || height == 0 {
        return picture.clone();
    }
    let mut pixels = Vec::with_capacity(width * height);
    let mut sums = vec![0_u32; width];
    let count = u32::try_from(factor * factor).unwrap_or(u32::MAX);
    for band in picture
        .pixels
        .chunks_exact(picture.width * factor)
        .take(height)
    {
        sums.fill(0);
        for row in band.chunks_exact(picture.width) {
            for (sum, block) in sums.iter_mut().zip(row.chunks_exact(factor)) {
                *sum += block.iter().map(|pixel| u32::from(*pixel)).sum::<u32>();
            }
        }
        pixels.extend(sums.iter().map(|sum| (sum / count).to_le_bytes()[0]));
    }
    Luma {
        pixels,
        width,
        height,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_become_their_mean_and_what_is_left_over_is_dropped() {
        let picture = Luma::new(vec![0, 100, 9, 100, 200, 9], 3, 2).unwrap();
        assert_eq!(shrunk(&picture, 2), Luma::new(vec![100], 1, 1).unwrap());
        assert_eq!(shrunk(&picture, 1), picture);
    }

    #[test]
    fn large_photos_are_halved_and_small_ones_are_not() {
        let blank = |side: usize| Luma::new(vec![0; side], side, 1).unwrap();
        assert_eq!((factor(&blank(4000)), factor(&blank(2000))), (2, 1));
    }
}
