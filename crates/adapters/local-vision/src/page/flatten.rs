//! Shade and lamp light, divided out.

use super::shrink::shrunk;
use crate::luma::Luma;

/// The paper's brightness is found on a picture this many times smaller.
const COARSE: usize = 8;
/// Letters are smaller than this many coarse pixels, so that paper is seen beside them.
const REACH: usize = 3;
/// The paper's brightness is averaged over this share of the longer side.
const BLUR_SHARE: usize = 40;
/// What paper becomes.
const WHITE: u32 = 240;
/// Darker than this is no lit paper; it is not brightened beyond its share.
const DARKEST_PAPER: u8 = 20;

/// The picture with each pixel divided by the brightness of the paper around it.
pub(crate) fn flatten(picture: &Luma) -> Luma {
    let paper = paper(picture);
    let mut pixels = Vec::with_capacity(picture.pixels.len());
    for y in 0..picture.height {
        let row = &picture.pixels[y * picture.width..(y + 1) * picture.width];
        for (x, pixel) in row.iter().enumerate() {
            let light = interpolated(&paper, x, y).max(u32::from(DARKEST_PAPER) << 8);
            let flat = (u32::from(*pixel) * (WHITE << 8) / light).min(255);
            pixels.push(flat.to_le_bytes()[0]);
        }
    }
    Luma { pixels, ..*picture }
}

/// The brightness of the paper on a coarse grid: the brightest in reach, then averaged.
fn paper(picture: &Luma) -> Luma {
    let factor = COARSE.min(picture.width).min(picture.height);
    let coarse = shrunk(picture, factor);
    let brightest = transposed(&highest(&transposed(&highest(&coarse))));
    let radius = (coarse.width.max(coarse.height) / BLUR_SHARE).max(1);
    blurred(&blurred(&brightest, radius), radius)
}

/// The mean of the square that reaches `radius` pixels to each side.
pub(super) fn blurred(picture: &Luma, radius: usize) -> Luma {
    transposed(&averaged(&transposed(&averaged(picture, radius)), radius))
}

fn highest(picture: &Luma) -> Luma {
    by_row(picture, |row, x| {
        let reach = x.saturating_sub(REACH)..(x + REACH + 1).min(row.len());
        row[reach].iter().copied().max().unwrap_or(u8::MAX)
    })
}

fn averaged(picture: &Luma, radius: usize) -> Luma {
    by_row(picture, |row, x| {
        let reach = &row[x.saturating_sub(radius)..(x + radius + 1).min(row.len())];
        let sum: usize = reach.iter().map(|pixel| usize::from(*pixel)).sum();
        (sum / reach.len()).to_le_bytes()[0]
    })
}

fn by_row(picture: &Luma, new: impl Fn(&[u8], usize) -> u8) -> Luma {
    let rows = picture.pixels.chunks_exact(picture.width);
    Luma {
        pixels: rows
            .flat_map(|row| (0..row.len()).map(|x| new(row, x)).collect::<Vec<_>>())
            .collect(),
        ..*picture
    }
}

/// Rows as columns.
pub(crate) fn transposed(picture: &Luma) -> Luma {
    let column = |x| picture.pixels[x..].iter().step_by(picture.width).copied();
    Luma {
        pixels: (0..picture.width).flat_map(column).collect(),
        width: picture.height,
        height: picture.width,
    }
}

/// The coarse picture at a pixel of the fine one, in 1/256.
fn interpolated(coarse: &Luma, x: usize, y: usize) -> u32 {
    let at = |fine: usize, cells: usize| {
        let shifted = (2 * fine + 1).saturating_sub(COARSE);
        let cell = (shifted / (2 * COARSE)).min(cells - 1);
        let part = u32::try_from(shifted % (2 * COARSE)).unwrap_or(0);
        (cell, (cell + 1).min(cells - 1), part)
    };
    let (left, right, across) = at(x, coarse.width);
    let (upper, lower, down) = at(y, coarse.height);
    let pixel = |x: usize, y: usize| u32::from(coarse.pixels[y * coarse.width + x]);
    let whole = 2 * 8;
    let mix = |a: u32, b: u32, part: u32| a * (whole - part) + b * part;
    let above = mix(pixel(left, upper), pixel(right, upper), across);
    let below = mix(pixel(left, lower), pixel(right, lower), across);
    mix(above, below, down)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn shade_is_taken_from_blank_paper(from in 120_u8..250, to in 120_u8..250) {
            let shade = |x: usize| {
                let (a, b) = (f32::from(from), f32::from(to));
                let part = f32::from(u16::try_from(x).unwrap()) / 400.0;
                (a + (b - a) * part).round().clamp(0.0, 255.0).to_string().parse().unwrap()
            };
            let pixels = (0..400 * 80).map(|at| shade(at % 400)).collect();
            let flat = flatten(&Luma::new(pixels, 400, 80).unwrap());
            prop_assert!(flat.pixels.iter().all(|pixel| *pixel > 200));
        }

        #[test]
        fn columns_and_rows_change_places_and_back(width in 1_usize..20, height in 1_usize..20) {
            let pixels = (0..=u8::MAX).cycle().take(width * height).collect();
            let picture = Luma::new(pixels, width, height).unwrap();
            prop_assert_eq!(transposed(&transposed(&picture)), picture);
        }
    }
}
