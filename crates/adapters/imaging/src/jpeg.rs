//! JPEG: the segments of a file, and decoding.

use vision::ImageFault;
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;
use zune_jpeg::JpegDecoder;

use crate::header::Header;
use crate::raster::{Channels, Raster};

const START_OF_SCAN: u8 = 0xda;
const END_OF_IMAGE: u8 = 0xd9;
/// Scans of one progressive picture; each costs a pass over all its pixels. Cameras write ten.
const MAX_SCANS: usize = 64;

/// Width, height and the bytes of memory for each pixel, from what stands before the first scan.
pub(crate) fn shape(file: &[u8]) -> Result<(u32, u32, u32), ImageFault> {
    let mut frame = None;
    for (marker, payload) in Segments::of(file) {
        match marker {
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                frame = Some(Frame::read(marker, payload)?);
            }
            START_OF_SCAN => {
                let (frame, scan) = frame.zip(payload.first()).ok_or(ImageFault::Damaged)?;
                return Ok((frame.width, frame.height, frame.bytes_per_pixel(*scan)));
            }
            END_OF_IMAGE => break,
            _ => {}
        }
    }
    Err(ImageFault::Damaged)
}

/// The end of the picture is there: nothing is cut off.
fn is_whole(file: &[u8]) -> bool {
    Segments::of(file).any(|(marker, _)| marker == END_OF_IMAGE)
}

struct Frame {
    width: u32,
    height: u32,
    components: u8,
    progressive: bool,
}

impl Frame {
    /// Samples, and coefficients where they are all kept until the last scan: in progressive
    /// pictures, and where the first scan of `scan_components` leaves components to later ones.
    fn bytes_per_pixel(&self, scan_components: u8) -> u32 {
        let kept = self.progressive || scan_components < self.components;
        let components = u32::from(self.components);
        components.min(3) + u32::from(kept) * 2 * components
    }

    fn read(marker: u8, payload: &[u8]) -> Result<Self, ImageFault> {
        let &[precision, h1, h0, w1, w0, components, ..] = payload else {
            return Err(ImageFault::Damaged);
        };
        match (marker, precision) {
            (0xc0..=0xc2, 8) => Ok(Self {
                width: u32::from(u16::from_be_bytes([w1, w0])),
                height: u32::from(u16::from_be_bytes([h1, h0])),
                components,
                progressive: marker == 0xc2,
            }),
            (0xc0..=0xc2, _) => Err(ImageFault::Unsupported("12-bit JPEG")),
            _ => Err(ImageFault::Unsupported("Lossless or arithmetic JPEG")),
        }
    }
}

/// The markers of a file with their payloads, up to the end of the picture. Coded pixels between
/// them are passed over; in them `ff` is never followed by a marker, so a file that is cut off has
/// no end-of-image marker.
struct Segments<'a> {
    rest: &'a [u8],
}

impl<'a> Segments<'a> {
    fn of(file: &'a [u8]) -> Self {
        Self {
            rest: file.get(2..).unwrap_or_default(),
        }
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = (u8, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let begins =
            |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0x01 | 0xd0..=0xd8 | 0xff);
        let at = self.rest.windows(2).position(begins)?;
        let marker = self.rest[at + 1];
        self.rest = &self.rest[at + 2..];
        if marker == END_OF_IMAGE {
            self.rest = &[];
            return Some((marker, &[]));
        }
        let length = usize::from(u16::from_be_bytes(self.rest.get(..2)?.try_into().ok()?));
        let payload = self.rest.get(2..length.max(2))?;
        self.rest = &self.rest[length.max(2)..];
        Some((marker, payload))
    }
}

/// Decodes a file; for `grey`, only the brightness is worked out where the file keeps it apart.
pub(crate) fn decode(file: &[u8], header: &Header, grey: bool) -> Result<Raster, ImageFault> {
    if !is_whole(file) {
        return Err(ImageFault::Damaged);
    }
    let limits = DecoderOptions::default()
        .set_max_width(header.width as usize)
        .set_max_height(header.height as usize)
        .jpeg_set_max_scans(MAX_SCANS);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), limits);
    decoder.decode_headers().map_err(|_| ImageFault::Damaged)?;
    let luma = match decoder.input_colorspace() {
        Some(ColorSpace::Luma) => true,
        Some(ColorSpace::YCbCr) => grey,
        _ => false,
    };
    let (space, channels) = if luma {
        (ColorSpace::Luma, Channels::Grey)
    } else {
        (ColorSpace::RGB, Channels::Rgb)
    };
    // Headers are read leniently, cameras write odd ones; broken coded pixels are not shown.
    let strict = limits.set_strict_mode(true).jpeg_set_out_colorspace(space);
    decoder.set_options(strict);
    let mut pixels = vec![0; decoder.output_buffer_size().ok_or(ImageFault::Damaged)?];
    decoder
        .decode_into(&mut pixels)
        .map_err(|_| ImageFault::Damaged)?;
    Raster::new(pixels, header.width, header.height, channels)
}
