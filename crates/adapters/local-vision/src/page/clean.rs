//! Pictures that no camera took.

use crate::luma::Luma;

/// Brightness that differs by no more than this is the same colour.
const SAME: usize = 2;

/// Half of the picture has one colour, as in screenshots and clean scans: paper under a camera has
/// shade and grain.
pub(crate) fn is_clean(picture: &Luma) -> bool {
    let mut counts = [0_usize; 256];
    for pixel in &picture.pixels {
        counts[usize::from(*pixel)] += 1;
    }
    let windows = counts.windows(2 * SAME + 1);
    let most = windows.map(|near| near.iter().sum::<usize>()).max();
    2 * most.unwrap_or(0) > picture.pixels.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_colour_is_clean_and_grain_is_not() {
        let plain = Luma::new(vec![250; 100], 10, 10).unwrap();
        let grain = Luma::new((100..200).collect(), 10, 10).unwrap();
        assert!(is_clean(&plain) && !is_clean(&grain));
    }
}
