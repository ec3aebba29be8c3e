//! Which way up a picture is.

use std::io::Cursor;

use ::exif::{In, Reader, Tag};

/// The EXIF orientation of a file, 1 to 8. Missing, broken and senseless ones are 1: upright.
pub(crate) fn orientation(file: &[u8]) -> u32 {
    let mut reader = Reader::new();
    let parsed = reader
        .continue_on_error(true)
        .read_from_container(&mut Cursor::new(file));
    let parsed = parsed.or_else(|error| error.distill_partial_result(|_| {}));
    parsed
        .ok()
        .and_then(|exif| {
            exif.get_field(Tag::Orientation, In::PRIMARY)?
                .value
                .get_uint(0)
        })
        .filter(|orientation| (1..=8).contains(orientation))
        .unwrap_or(1)
}
