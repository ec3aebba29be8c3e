//! A picture as contrast: what is darker and lighter than its surroundings.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use super::plane::Plane;
use crate::raster::{Channels, Raster};
use crate::scale::fitted;

/// Surroundings reach this many pixels in each direction: about three lines of text.
const RADIUS: usize = 16;

/// Contrast where a pixel is twice as bright as its surroundings.
const DOUBLE: i32 = 256;

/// Darkness is no contrast: this is added to the brightness compared with.
const DARK: i32 = 12;

/// The strongest contrast, either way.
const MOST: i32 = 127;

/// The picture with its longer side at most `side`; exposure and shadows drop out.
pub(super) fn sketch(raster: &Raster, side: u32) -> Plane {
    let small = shrunk(raster, side).into_grey();
    let (width, height) = (small.width as usize, small.height as usize);
    let around = means(&small.pixels, width, height);
    let contrast = |(bright, mean): (&u8, &u8)| {
        let (bright, mean) = (i32::from(*bright), i32::from(*mean));
        ((bright - mean) * DOUBLE / (mean + DARK)).clamp(-MOST, MOST) as i16
    };
    Plane {
        width,
        height,
        values: small.pixels.iter().zip(&around).map(contrast).collect(),
    }
}

/// Scaled down, colours kept. What cannot be scaled has no sketch: an empty one.
fn shrunk(raster: &Raster, side: u32) -> Raster {
    let (width, height) = fitted(raster.width, raster.height, side);
    let kind = match raster.channels {
        Channels::Grey => PixelType::U8,
        Channels::Rgb => PixelType::U8x3,
    };
    let mut small = Image::new(width, height, kind);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Bilinear));
    let scaled = ImageRef::new(raster.width, raster.height, &raster.pixels, kind)
        .map_err(drop)
        .and_then(|source| {
            let resized = Resizer::new().resize(&source, &mut small, &options);
            resized.map_err(drop)
        });
    let empty = Raster {
        pixels: Vec::new(),
        width: 0,
        height: 0,
        channels: Channels::Grey,
    };
    let (pixels, channels) = (small.into_vec(), raster.channels);
    scaled
        .ok()
        .and_then(|()| Raster::new(pixels, width, height, channels).ok())
        .unwrap_or(empty)
}

/// The mean of the square around each pixel, as far as it lies in the picture.
fn means(bright: &[u8], width: usize, height: usize) -> Vec<u8> {
    let mut across = Vec::with_capacity(bright.len());
    for row in bright.chunks_exact(width.max(1)) {
        running(row, &mut across);
    }
    let (mut sums, mut count) = (vec![0_u32; width], 0_u32);
    let mut means = Vec::with_capacity(bright.len());
    let row = |y: usize| across.get(y * width..(y + 1) * width).unwrap_or_default();
    for y in 0..height + RADIUS {
        for (sum, value) in sums.iter_mut().zip(row(y)) {
            *sum += u32::from(*value);
        }
        count += u32::from(y < height);
        if y > 2 * RADIUS {
            for (sum, value) in sums.iter_mut().zip(row(y - 2 * RADIUS - 1)) {
                *sum -= u32::from(*value);
            }
            count -= 1;
        }
        if y >= RADIUS {
            means.extend(sums.iter().map(|sum| (sum / count) as u8));
        }
    }
    means
}

/// The mean around each place of one row.
fn running(row: &[u8], means: &mut Vec<u8>) {
    let at = |x: usize| row.get(x).copied().map_or(0, u32::from);
    let (mut sum, mut count) = (0_u32, 0_u32);
    for x in 0..row.len() + RADIUS {
        sum += at(x);
        count += u32::from(x < row.len());
        if x > 2 * RADIUS {
            sum -= at(x - 2 * RADIUS - 1);
            count -= 1;
        }
        if x >= RADIUS {
            means.push((sum / count) as u8);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grey(width: u32, height: u32, value: impl Fn(u32, u32) -> u8) -> Raster {
        let rows = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let pixels = rows.map(|(x, y)| value(x, y)).collect();
        Raster::new(pixels, width, height, Channels::Grey).unwrap()
    }

    #[test]
    fn an_even_picture_of_any_size_has_no_contrast() {
        for (width, height) in [(1, 1), (5, 90), (100, 40), (1600, 1200)] {
            let sketch = sketch(&grey(width, height, |_, _| 77), 384);
            assert!(sketch.values.iter().all(|value| *value == 0));
        }
    }

    #[test]
    fn half_the_light_gives_the_same_sketch() {
        let word = |x: u32, y: u32| if x % 9 < 4 && y % 12 < 5 { 60 } else { 220 };
        let (bright, dim) = (
            sketch(&grey(300, 200, word), 384),
            sketch(&grey(300, 200, |x, y| word(x, y) / 2), 384),
        );
        let off = |(a, b): (&i16, &i16)| a.abs_diff(*b);
        let most = bright.values.iter().zip(&dim.values).map(off).max();
        assert!(most < Some(24), "{most:?}");
    }

    #[test]
    fn the_longer_side_is_brought_to_the_size_asked_for() {
        let sketch = sketch(&grey(1600, 1200, |x, _| x.to_le_bytes()[0]), 384);
        assert_eq!((sketch.width, sketch.height), (384, 288));
    }
}
