//! How sharp a picture is, in numbers that light and zoom hardly change.

use crate::raster::Raster;

/// Only every so many rows and columns are measured.
const STEP: usize = 8;

/// Where brightness rises by less than this along four pixels there is no edge, but noise.
const EDGE: u32 = 40;

/// Fewer edges than one in so many samples do not tell how sharp they are.
const FEWEST: u64 = 100;

/// Bends of brightness from pixel to pixel over its rise along four pixels, both at edges alone, in
/// thousandths: about 500 for sharp text across its strokes and half of it once motion has smeared
/// them, in one direction only where the camera moved. 0 where there are too few
/// edges to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sharpness {
    pub(super) across: u16,
    pub(super) down: u16,
}

impl Sharpness {
    /// How many times as sharp as `before`, in the direction that has gained most; 1 where that cannot
    /// be told.
    pub(super) fn over(self, before: Self) -> f32 {
        let gain = |now: u16, before: u16| match (now, before) {
            (0, _) | (_, 0) => 1.0,
            (now, before) => f32::from(now) / f32::from(before),
        };
        gain(self.across, before.across).max(gain(self.down, before.down))
    }
}

/// Measures a picture of any size; one that is too small or even has no sharpness.
pub(super) fn of(raster: &Raster) -> Sharpness {
    let (width, height) = (raster.width as usize, raster.height as usize);
    let (channels, middle) = (raster.channels.count(), raster.channels.count() / 2);
    let stride = width * channels;
    let rows = (0..height).step_by(STEP).map(|y| y * stride + middle);
    let columns = (0..width).step_by(STEP).map(|x| x * channels + middle);
    let across = Line {
        step: channels,
        length: width,
    };
    let down = Line {
        step: stride,
        length: height,
    };
    Sharpness {
        across: across.thousandths(&raster.pixels, rows),
        down: down.thousandths(&raster.pixels, columns),
    }
}

/// Samples along a row or a column.
struct Line {
    step: usize,
    length: usize,
}

impl Line {
    fn thousandths(&self, samples: &[u8], begins: impl Iterator<Item = usize>) -> u16 {
        let (mut bends, mut rises, mut edges, mut places) = (0_u64, 0_u64, 0_u64, 0_u64);
        for begin in begins {
            let at = |i: usize| i32::from(samples[begin + i * self.step]);
            places += self.length as u64;
            for i in 0..self.length.saturating_sub(4) {
                let rise = at(i + 4).abs_diff(at(i));
                if rise < EDGE {
                    continue;
                }
                let bend = at(i + 3) - 2 * at(i + 2) + at(i + 1);
                bends += u64::from(bend.unsigned_abs());
                rises += u64::from(rise);
                edges += 1;
            }
        }
        if edges * FEWEST < places.max(1) {
            return 0;
        }
        u16::try_from(bends * 1000 / rises).unwrap_or(u16::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::Channels;

    /// Vertical bars, 16 pixels wide, whose edges take `blur` pixels.
    fn bars(blur: i32) -> Raster {
        let bright = |x: i32| {
            let inside = 8 - (x % 32 - 16).abs();
            u8::try_from((100 + 200 * inside / blur).clamp(0, 200)).unwrap()
        };
        let pixels = (0..64).flat_map(|_| (0..64).map(bright)).collect();
        Raster::new(pixels, 64, 64, Channels::Grey).unwrap()
    }

    #[test]
    fn what_is_smeared_across_is_less_sharp_across_alone() {
        let (sharp, smeared) = (of(&bars(1)), of(&bars(8)));
        assert!(sharp.across > 2 * smeared.across, "{sharp:?} {smeared:?}");
        assert_eq!((sharp.down, smeared.down), (0, 0));
        assert!(sharp.over(smeared) > 2.0);
    }

    #[test]
    fn a_picture_of_a_few_pixels_has_no_sharpness() {
        let dot = Raster::new(vec![9; 6], 3, 2, Channels::Grey).unwrap();
        assert_eq!(of(&dot), Sharpness { across: 0, down: 0 });
    }
}
