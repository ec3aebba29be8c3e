//! What is darker than its surroundings.

use crate::luma::Luma;

/// Half the side of the surroundings in pixels: more than a letter.
const RADIUS: usize = 16;
/// How much darker than its surroundings ink is, in their standard deviations (Niblack's formula):
/// blurred print differs little from its paper, but still by this much.
const DARKER: f32 = 0.3;
/// Surroundings that vary less than this are blank.
const BLANK: f32 = 5.0;

/// One flag for each pixel: ink or paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ink {
    pub(super) flags: Vec<bool>,
    pub(super) width: usize,
    pub(super) height: usize,
}

/// The ink of a flattened picture.
pub(super) fn ink(picture: &Luma) -> Ink {
    let sums = Sums::of(picture);
    let mut flags = Vec::with_capacity(picture.pixels.len());
    for y in 0..picture.height {
        for x in 0..picture.width {
            let (mean, deviation) = sums.around(x, y);
            let pixel = f32::from(picture.pixels[y * picture.width + x]);
            flags.push(deviation > BLANK && pixel < mean - DARKER * deviation);
        }
    }
    Ink {
        flags,
        width: picture.width,
        height: picture.height,
    }
}

/// Sums of all pixels, and of their squares, above and left of each corner. They wrap around;
/// differences over the few pixels of the surroundings are right all the same.
struct Sums {
    plain: Vec<u32>,
    squares: Vec<u32>,
    width: usize,
    height: usize,
}

impl Sums {
    fn of(picture: &Luma) -> Self {
        let (width, height) = (picture.width, picture.height);
        let stride = width + 1;
        let mut plain = vec![0_u32; stride * (height + 1)];
        let mut squares = plain.clone();
        for y in 0..height {
            let (mut sum, mut square) = (0_u32, 0_u32);
            for x in 0..width {
                let pixel = u32::from(picture.pixels[y * width + x]);
                sum += pixel;
                square = square.wrapping_add(pixel * pixel);
                let at = (y + 1) * stride + x + 1;
                plain[at] = plain[at - stride].wrapping_add(sum);
                squares[at] = squares[at - stride].wrapping_add(square);
            }
        }
        Self {
            plain,
            squares,
            width,
            height,
        }
    }

    /// Mean and standard deviation of the surroundings.
    #[expect(
        clippy::cast_precision_loss,
        reason = "sums over 33 × 33 pixels are far below 2^24 × 256"
    )]
    fn around(&self, x: usize, y: usize) -> (f32, f32) {
        let (left, right) = (x.saturating_sub(RADIUS), (x + RADIUS + 1).min(self.width));
        let (top, bottom) = (y.saturating_sub(RADIUS), (y + RADIUS + 1).min(self.height));
        let stride = self.width + 1;
        let of = |sums: &[u32]| {
            let (upper, lower) = (top * stride, bottom * stride);
            let with = sums[lower + right].wrapping_add(sums[upper + left]);
            let without = sums[lower + left].wrapping_add(sums[upper + right]);
            with.wrapping_sub(without) as f32
        };
        let count = ((right - left) * (bottom - top)) as f32;
        let mean = of(&self.plain) / count;
        let variance = of(&self.squares) / count - mean * mean;
        (mean, variance.max(0.0).sqrt())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dark_stroke_is_ink_and_plain_paper_is_not() {
        let row = |x: usize| if (20..24).contains(&x) { 90 } else { 240 };
        let pixels = (0..60 * 60).map(|at| row(at % 60)).collect();
        let ink = ink(&Luma::new(pixels, 60, 60).unwrap());
        let marked: Vec<usize> = (0..60).filter(|x| ink.flags[30 * 60 + x]).collect();
        assert_eq!(marked, [20, 21, 22, 23]);
    }
}
