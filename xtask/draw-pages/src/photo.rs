//! A photo of a sheet on a desk: tilted, lit from one side, a little out of focus, with grain.

use image::{Rgb, RgbImage, imageops};

use crate::ink::{HEIGHT, Sheet, WIDTH};
use crate::perspective::{Perspective, Point};

const PHOTO: (u32, u32) = (1080, 1440);

/// Out of focus by this many pixels.
const BLUR: f32 = 0.9;

const PAPER: [f32; 3] = [236.0, 232.0, 222.0];
const INK: [f32; 3] = [38.0, 36.0, 40.0];
const DESK: [f32; 3] = [116.0, 84.0, 58.0];

/// How far the light falls off from the bright corner to the dark one.
const FALL_OFF: f32 = 0.28;

/// Takes the photo; every `number` holds the camera a little differently.
pub fn take(sheet: &Sheet, number: u32) -> RgbImage {
    let view = Perspective::from_corners(corners(number));
    let sharp = RgbImage::from_fn(PHOTO.0, PHOTO.1, |x, y| {
        let at = (pixels(x), pixels(y));
        Rgb(lit(colour(sheet, &view, at), at).map(byte))
    });
    let mut photo = imageops::blur(&sharp, BLUR);
    for (x, y, pixel) in photo.enumerate_pixels_mut() {
        let grain = grain(x, y, number);
        pixel.0 = pixel.0.map(|value| value.saturating_add_signed(grain));
    }
    photo
}

fn corners(number: u32) -> [Point; 4] {
    let lean = [20.0, -24.0, 13.0, -11.0][number as usize % 4];
    [
        (70.0 + lean, 54.0),
        (1008.0 + lean, 59.0 + lean),
        (1042.0 - lean, 1393.0),
        (38.0 - lean, 1377.0 - lean),
    ]
}

fn colour(sheet: &Sheet, view: &Perspective, at: Point) -> [f32; 3] {
    let (across, down) = view.onto_sheet(at);
    if !(0.0..1.0).contains(&across) || !(0.0..1.0).contains(&down) {
        return DESK;
    }
    let ink = sheet.at(across * size(WIDTH), down * size(HEIGHT));
    let mix = |i: usize| PAPER[i] * (1.0 - ink) + INK[i] * ink;
    [mix(0), mix(1), mix(2)]
}

fn lit(colour: [f32; 3], (x, y): Point) -> [f32; 3] {
    let away = f32::midpoint(x / pixels(PHOTO.0), y / pixels(PHOTO.1));
    colour.map(|value| value * (1.0 - FALL_OFF * away))
}

/// The same grain for the same pixel: a hash (Jenkins' one-at-a-time steps) folded to ±1.
fn grain(x: u32, y: u32, number: u32) -> i8 {
    let mut hash = x.wrapping_mul(0x9E37_79B1) ^ y.wrapping_mul(0x85EB_CA77) ^ number;
    hash = hash.wrapping_add(hash << 10);
    hash ^= hash >> 6;
    hash = hash.wrapping_add(hash << 3);
    hash ^= hash >> 11;
    [-1, 0, 1][hash as usize % 3]
}

#[expect(clippy::cast_precision_loss, reason = "a photo is 1440 pixels high")]
fn pixels(n: u32) -> f32 {
    n as f32
}

#[expect(clippy::cast_precision_loss, reason = "a sheet is 2000 pixels high")]
fn size(n: usize) -> f32 {
    n as f32
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a colour between 0 and 255"
)]
fn byte(value: f32) -> u8 {
    value.round().clamp(0.0, 255.0) as u8
}
