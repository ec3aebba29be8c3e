//! Pixels of a file whose header keeps to the limits.

use std::io::Cursor;

use image::codecs::png::PngDecoder;
use image::codecs::webp::WebPDecoder;
use image::{ColorType, ImageDecoder, ImageResult, Limits};
use vision::{ImageFault, ImageFormat};

use crate::header::Header;
use crate::jpeg;
use crate::raster::{Channels, Raster};

/// Decodes `file`, whose `header` was read from it. With `grey` the answer has one channel.
///
/// # Errors
/// [`ImageFault::Damaged`].
pub(crate) fn decode(file: &[u8], header: &Header, grey: bool) -> Result<Raster, ImageFault> {
    let raster = match header.format {
        ImageFormat::Jpeg => jpeg::decode(file, header, grey)?,
        ImageFormat::Png => drawn(png_decoder(file, header), header)?,
        ImageFormat::WebP => drawn(WebPDecoder::new(Cursor::new(file)), header)?,
    };
    Ok(if grey { raster.into_grey() } else { raster })
}

fn png_decoder<'a>(file: &'a [u8], header: &Header) -> ImageResult<PngDecoder<Cursor<&'a [u8]>>> {
    let mut limits = Limits::no_limits();
    limits.max_image_width = Some(header.width);
    limits.max_image_height = Some(header.height);
    // Enough for the rows in flight; also bounds compressed texts and colour profiles.
    limits.max_alloc = Some(64 << 20);
    PngDecoder::with_limits(Cursor::new(file), limits)
}

fn drawn(decoder: ImageResult<impl ImageDecoder>, header: &Header) -> Result<Raster, ImageFault> {
    let decoder = decoder.map_err(|_| ImageFault::Damaged)?;
    if decoder.dimensions() != (header.width, header.height) {
        return Err(ImageFault::Damaged);
    }
    let color = decoder.color_type();
    let mut samples =
        vec![0; usize::try_from(decoder.total_bytes()).map_err(|_| header.too_many())?];
    decoder
        .read_image(&mut samples)
        .map_err(|_| ImageFault::Damaged)?;
    let samples = if is_sixteen_bit(color) {
        high_bytes(samples)
    } else {
        samples
    };
    let (pixels, channels) = on_white(samples, color);
    Raster::new(pixels, header.width, header.height, channels)
}

fn is_sixteen_bit(color: ColorType) -> bool {
    color.bytes_per_pixel() / color.channel_count() == 2
}

/// Samples of sixteen bits in the machine's byte order, reduced to their upper eight bits where they
/// stand: a copy would be half as large again.
fn high_bytes(mut samples: Vec<u8>) -> Vec<u8> {
    let count = samples.len() / 2;
    for at in 0..count {
        let pair = [samples[2 * at], samples[2 * at + 1]];
        [samples[at], _] = u16::from_ne_bytes(pair).to_be_bytes();
    }
    samples.truncate(count);
    samples
}

/// Transparent pixels as they look on white paper.
fn on_white(mut samples: Vec<u8>, color: ColorType) -> (Vec<u8>, Channels) {
    if !color.has_alpha() {
        samples.shrink_to_fit();
    }
    match color.channel_count() {
        1 => (samples, Channels::Grey),
        2 => (blend::<2>(&samples), Channels::Grey),
        3 => (samples, Channels::Rgb),
        _ => (blend::<4>(&samples), Channels::Rgb),
    }
}

fn blend<const N: usize>(samples: &[u8]) -> Vec<u8> {
    let (pixels, _) = samples.as_chunks::<N>();
    let mut blended = Vec::with_capacity(pixels.len() * (N - 1));
    for pixel in pixels {
        let alpha = u32::from(pixel[N - 1]);
        let over = |sample: &u8| {
            let mixed = u32::from(*sample) * alpha + 255 * (255 - alpha);
            u8::try_from((mixed + 127) / 255).unwrap_or(u8::MAX)
        };
        blended.extend(pixel[..N - 1].iter().map(over));
    }
    blended
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transparency_is_blended_on_white() {
        assert_eq!(blend::<2>(&[0, 255, 0, 0, 0, 128]), [0, 255, 127]);
        assert_eq!(
            blend::<4>(&[10, 20, 30, 255, 10, 20, 30, 0]),
            [10, 20, 30, 255, 255, 255]
        );
    }
}
