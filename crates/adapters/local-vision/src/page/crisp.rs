//! Faint and blurred strips, made black on white.

use super::flatten::blurred;
use crate::luma::Luma;

/// How far blurred edges reach in pixels of a strip, whose small letters are 16 high.
const BLUR_RADIUS: usize = 2;
/// How much of what blur took is given back.
const STRENGTH: i32 = 2;
/// Shares of pixels that are darker than ink becomes and than paper becomes.
const INK_PERCENT: usize = 2;
const PAPER_PERCENT: usize = 70;
/// Contrast below this is no print and is not stretched further.
const LEAST_CONTRAST: i32 = 24;

/// The strip with blurred edges sharpened, then stretched.
pub(crate) fn sharpened(strip: &Luma) -> Luma {
    let soft = blurred(&blurred(strip, BLUR_RADIUS), BLUR_RADIUS);
    let pixels = strip.pixels.iter().zip(&soft.pixels).map(|(pixel, soft)| {
        let (pixel, soft) = (i32::from(*pixel), i32::from(*soft));
        clamped(pixel + STRENGTH * (pixel - soft))
    });
    stretched(&Luma {
        pixels: pixels.collect(),
        ..*strip
    })
}

/// The strip with its brightness stretched from black to white.
pub(crate) fn stretched(strip: &Luma) -> Luma {
    let mut counts = [0_usize; 256];
    for pixel in &strip.pixels {
        counts[usize::from(*pixel)] += 1;
    }
    let paper = i32::from(percentile(&counts, PAPER_PERCENT));
    let ink = i32::from(percentile(&counts, INK_PERCENT)).min(paper - LEAST_CONTRAST);
    let stretch = |pixel: &u8| clamped((i32::from(*pixel) - ink) * 255 / (paper - ink));
    Luma {
        pixels: strip.pixels.iter().map(stretch).collect(),
        ..*strip
    }
}

fn percentile(counts: &[usize; 256], percent: usize) -> u8 {
    let wanted = counts.iter().sum::<usize>() * percent / 100;
    let mut below = 0;
    for (value, count) in (0..=u8::MAX).zip(counts) {
        below += count;
        if below > wanted {
            return value;
        }
    }
    u8::MAX
}

fn clamped(value: i32) -> u8 {
    u8::try_from(value.clamp(0, 255)).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faint_print_becomes_black_on_white() {
        let pixels = [220, 218, 190, 221, 219, 188].repeat(50);
        let clear = stretched(&Luma::new(pixels, 30, 10).unwrap());
        assert!(clear.pixels[2] < 30 && clear.pixels[0] > 220);
    }

    #[test]
    fn blank_paper_stays_light() {
        let pixels = [231, 230, 229, 232, 230].repeat(20);
        let clear = stretched(&Luma::new(pixels, 10, 10).unwrap());
        assert!(clear.pixels.iter().all(|pixel| *pixel > 200));
    }
}
