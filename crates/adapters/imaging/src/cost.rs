//! The memory one picture takes from header to view.

use vision::ViewSpec;

use crate::header::Header;
use crate::scale::fitted;

/// JPEG blocks are up to 32 pixels wide and high, so rows and columns are decoded in such steps.
const BLOCK: u64 = 32;

/// An upper bound in bytes: that of the step which takes the most. While a view is scaled there are
/// the decoded picture, the half-scaled one between the two passes of the scaler, and the view;
/// afterwards the view, the same view turned, and the file it is written to.
pub(crate) fn bytes(header: &Header, spec: ViewSpec) -> u64 {
    let (max_side, channels) = match spec {
        ViewSpec::Jpeg { max_side } => (max_side, 3),
        ViewSpec::Grey { max_side } => (max_side, 1),
    };
    let (view_width, view_height) = fitted(header.width, header.height, max_side);
    let padded = |side: u32| u64::from(side).next_multiple_of(BLOCK);
    let decoding = padded(header.width) * padded(header.height) * u64::from(header.bytes_per_pixel);
    // Three channels and the grey one made of them.
    let greying = 4 * header.pixels();
    let half_scaled = u64::from(view_width) * u64::from(header.height);
    let view = u64::from(view_width) * u64::from(view_height);
    let scaling = channels * (header.pixels() + half_scaled + view);
    let finishing = 3 * channels * view;
    decoding.max(greying).max(scaling).max(finishing)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{DynamicImage, ImageFormat as Codec, Rgb, RgbImage};

    use super::*;
    use crate::imaging::prepare;
    use crate::sniff::sniff;

    /// Rows in flight, tables of the decoders, the encoded view: the same for any size.
    const APART_FROM_PIXELS: u64 = 1 << 20;

    #[track_caller]
    fn check(name: &str, file: &[u8]) {
        let header = Header::read(file, sniff(file).unwrap()).unwrap();
        for spec in [
            ViewSpec::Grey { max_side: 4096 },
            ViewSpec::Grey { max_side: 64 },
            ViewSpec::Jpeg { max_side: 4096 },
            ViewSpec::Jpeg { max_side: 1600 },
            ViewSpec::Jpeg { max_side: 64 },
        ] {
            let prepare = || drop(prepare(file, &header, spec).unwrap());
            let used = allocation_counter::measure(prepare).bytes_max;
            let booked = bytes(&header, spec);
            assert!(
                used <= booked + APART_FROM_PIXELS,
                "{name} as {spec:?} takes {used} B, {booked} B are booked"
            );
        }
    }

    fn encoded(picture: &DynamicImage, codec: Codec) -> Vec<u8> {
        let mut file = Cursor::new(Vec::new());
        picture.write_to(&mut file, codec).unwrap();
        file.into_inner()
    }

    #[test]
    fn a_picture_of_any_shape_takes_no_more_than_is_booked() {
        let draw = |x: u32, y: u32| Rgb([x, y, x ^ y].map(|value| value.to_le_bytes()[0]));
        let picture = DynamicImage::from(RgbImage::from_fn(2001, 1503, draw));
        let shapes: [DynamicImage; 8] = [
            picture.to_luma8().into(),
            picture.to_luma_alpha8().into(),
            picture.to_rgb8().into(),
            picture.to_rgba8().into(),
            picture.to_luma16().into(),
            picture.to_luma_alpha16().into(),
            picture.to_rgb16().into(),
            picture.to_rgba16().into(),
        ];
        for shape in &shapes {
            check(&format!("{:?}", shape.color()), &encoded(shape, Codec::Png));
        }
        for shape in &shapes[2..4] {
            let name = format!("WebP {:?}", shape.color());
            check(&name, &encoded(shape, Codec::WebP));
        }
        check("JPEG", &encoded(&picture, Codec::Jpeg));
    }

    #[test]
    fn a_picture_as_phones_and_scanners_write_it_takes_no_more_than_is_booked() {
        for name in [
            "alpha.png",
            "big-11mb.jpg",
            "cmyk.jpg",
            "grey.jpg",
            "photo.webp",
            "progressive-orientation-6.jpg",
            "sixteen-bit.png",
        ] {
            check(name, &testkit::data::bytes(&format!("bad/{name}")));
        }
    }
}
