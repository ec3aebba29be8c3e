//! What happens between a page and the file that arrives: a hand that shakes, light that changes, a
//! finger, a pen, blur, noise and JPEG.

use image::codecs::jpeg::JpegEncoder;
use image::{GrayImage, ImageResult, Luma, imageops};

use super::chance::Chance;

/// Pictures are cropped by so much, so that shaking never shows what was not photographed.
const CROP: f32 = 1.12;

/// How one picture was taken.
#[derive(Debug, Clone)]
pub(super) struct Shot {
    /// Radians.
    turn: f32,
    scale: f32,
    /// Parts of the width.
    shift: (f32, f32),
    exposure: f32,
    gamma: f32,
    /// How much darker the right and the lower edge are than the left and the upper one.
    shade: (f32, f32),
    /// Deviation in pixels; 0 is sharp.
    blur: f32,
    /// Pixels of motion in the exposure; (0, 0) is none.
    motion: (f32, f32),
    /// Deviation of brightness.
    noise: f32,
    quality: u8,
    covered: Option<Cover>,
}

/// A finger or a pen: a thick line with round ends.
#[derive(Debug, Clone)]
struct Cover {
    from: (f32, f32),
    to: (f32, f32),
    radius: f32,
    bright: f32,
}

impl Shot {
    /// Held as still as a first look.
    pub(super) fn first(chance: &mut Chance) -> Self {
        Self {
            blur: 0.3,
            motion: (0.0, 0.0),
            covered: None,
            ..Self::any(chance)
        }
    }

    /// A picture from a hand or a head: turned by up to 2°, nearer or farther by up to 3 %, shifted by
    /// up to 3 % of the width. One in eight is smeared, one in four has a finger or a pen in it.
    pub(super) fn any(chance: &mut Chance) -> Self {
        let smeared = chance.percent(12);
        let reach = if smeared { 6.0 } else { 0.5 };
        Self {
            turn: chance.between(-2.0, 2.0).to_radians(),
            scale: chance.between(0.97, 1.03),
            shift: (chance.between(-0.03, 0.03), chance.between(-0.03, 0.03)),
            exposure: chance.between(0.75, 1.2),
            gamma: chance.between(0.88, 1.14),
            shade: (chance.between(0.0, 0.3), chance.between(-0.1, 0.2)),
            blur: chance.between(0.3, 1.1),
            motion: (chance.between(-reach, reach), chance.between(-reach, reach)),
            noise: chance.between(1.0, 6.0),
            quality: 55 + u8::try_from(chance.below(38)).unwrap_or_default(),
            covered: Cover::any(chance),
        }
    }

    /// Takes the picture and gives its file.
    ///
    /// # Errors
    /// When it cannot be encoded.
    pub(super) fn take(&self, scene: &GrayImage, chance: &mut Chance) -> ImageResult<Vec<u8>> {
        let (width, height) = scene.dimensions();
        let seen = GrayImage::from_fn(width, height, |x, y| {
            let place = (real(x) / real(width), real(y) / real(width));
            let bright = self.covered.as_ref().and_then(|cover| cover.at(place));
            let bright = bright.unwrap_or_else(|| self.through_lens(scene, (real(x), real(y))));
            Luma([grey(self.lit(bright, place))])
        });
        let mut picture = imageops::blur(&self.smeared(&seen), self.blur);
        for Luma([value]) in picture.pixels_mut() {
            let noisy = f32::from(*value) + chance.around_zero(self.noise);
            *value = grey(noisy);
        }
        let mut file = Vec::new();
        JpegEncoder::new_with_quality(&mut file, self.quality).encode_image(&picture)?;
        Ok(file)
    }

    /// Turned, scaled and shifted about the middle.
    fn through_lens(&self, scene: &GrayImage, (x, y): (f32, f32)) -> f32 {
        let (width, height) = (real(scene.width()), real(scene.height()));
        let (x, y) = (x - width / 2.0, y - height / 2.0);
        let (sin, cos) = self.turn.sin_cos();
        let zoom = self.scale / CROP;
        let (u, v) = ((x * cos - y * sin) * zoom, (x * sin + y * cos) * zoom);
        let place = (
            u + width / 2.0 + self.shift.0 * width,
            v + height / 2.0 + self.shift.1 * width,
        );
        between(scene, place)
    }

    fn lit(&self, bright: f32, (x, y): (f32, f32)) -> f32 {
        let curve = (bright / 255.0).powf(self.gamma) * 255.0;
        curve * self.exposure * (1.0 - self.shade.0 * x) * (1.0 - self.shade.1 * y)
    }

    /// The mean of five moments of the exposure.
    fn smeared(&self, seen: &GrayImage) -> GrayImage {
        let (across, down) = self.motion;
        if across.hypot(down) < 1.0 {
            return seen.clone();
        }
        GrayImage::from_fn(seen.width(), seen.height(), |x, y| {
            let moment =
                |share: f32| between(seen, (real(x) + across * share, real(y) + down * share));
            let sum: f32 = [-0.5, -0.25, 0.0, 0.25, 0.5].map(moment).iter().sum();
            Luma([grey(sum / 5.0)])
        })
    }
}

impl Cover {
    fn any(chance: &mut Chance) -> Option<Self> {
        let (radius, bright) = match chance.below(100) {
            0..18 => (chance.between(0.03, 0.05), chance.between(120.0, 190.0)),
            18..25 => (chance.between(0.006, 0.01), chance.between(20.0, 60.0)),
            _ => return None,
        };
        let from = *chance.one_of(&[(0.25, 1.4), (0.7, 1.4), (1.05, 0.5), (1.05, 0.9)]);
        let to = (chance.between(0.35, 0.75), chance.between(0.45, 0.8));
        Some(Self {
            from,
            to,
            radius,
            bright,
        })
    }

    /// Its brightness at a place, darker towards its edge.
    fn at(&self, (x, y): (f32, f32)) -> Option<f32> {
        let (along, down) = (self.to.0 - self.from.0, self.to.1 - self.from.1);
        let length = along * along + down * down;
        let share = ((x - self.from.0) * along + (y - self.from.1) * down) / length;
        let share = share.clamp(0.0, 1.0);
        let (near_x, near_y) = (self.from.0 + along * share, self.from.1 + down * share);
        let off = (x - near_x).hypot(y - near_y) / self.radius;
        (off < 1.0).then_some(self.bright * (1.0 - 0.4 * off * off))
    }
}

/// The brightness between four pixels; the nearest one at the edge.
fn between(picture: &GrayImage, (x, y): (f32, f32)) -> f32 {
    let (right, bottom) = (picture.width() - 2, picture.height() - 2);
    let (x, y) = (x.clamp(0.0, real(right)), y.clamp(0.0, real(bottom)));
    let (left, top) = (pixel(x), pixel(y));
    let (across, down) = (x - real(left), y - real(top));
    let mixed = |y: u32| {
        let at = |x: u32| f32::from(picture.get_pixel(x, y).0[0]);
        at(left) + (at(left + 1) - at(left)) * across
    };
    let (upper, lower) = (mixed(top), mixed(top + 1));
    upper + (lower - upper) * down
}

#[expect(
    clippy::cast_precision_loss,
    reason = "no picture is 2^24 pixels wide or high"
)]
fn real(pixels: u32) -> f32 {
    pixels as f32
}

/// The pixel a place lies in.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "places are within the picture; what lies behind the point is cut off on purpose"
)]
fn pixel(place: f32) -> u32 {
    place as u32
}

/// The nearest darker brightness that a pixel can have.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "held between 0 and 255; what lies behind the point is cut off on purpose"
)]
fn grey(bright: f32) -> u8 {
    bright.clamp(0.0, 255.0) as u8
}
