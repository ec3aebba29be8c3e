//! A picture without what was written beside its pixels: place, time, device, thumbnails, notes.
//!
//! Pixels are not decoded: pieces of the file that are not needed to show it are left out, and what
//! lies behind its end. Which way up it is stays.

mod jpeg;
mod png;
mod webp;

use bytes::Bytes;
use vision::ImageFormat;

/// The picture without the rest; `None` if there is no rest. A file whose pieces cannot be followed
/// is cut there: no more of it is shown than is understood.
pub(crate) fn cleaned(file: &[u8], format: ImageFormat, orientation: u32) -> Option<Bytes> {
    let clean = match format {
        ImageFormat::Jpeg => jpeg::cleaned(file, orientation),
        ImageFormat::Png => png::cleaned(file),
        ImageFormat::WebP => webp::cleaned(file, orientation),
    };
    (clean != file).then(|| clean.into())
}

/// The smallest EXIF there is: a TIFF header and one field that says which way up.
fn upright_note(orientation: u32) -> Option<[u8; 26]> {
    let orientation = u8::try_from(orientation)
        .ok()
        .filter(|up| (2..=8).contains(up))?;
    let mut tiff = *b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    tiff[19] = orientation;
    Some(tiff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_note_says_which_way_up_and_nothing_else() {
        assert_eq!(upright_note(1), None);
        let exif = ::exif::Reader::new().read_raw(upright_note(6).unwrap().to_vec());
        let exif = exif.unwrap();
        let fields: Vec<_> = exif.fields().map(|field| field.value.get_uint(0)).collect();
        assert_eq!(fields, [Some(6)]);
    }
}
