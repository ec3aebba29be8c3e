//! JPEG (ITU T.81, annex B): markers, some with a length and a content.

use super::upright_note;

const MARKER: u8 = 0xff;
const START: [u8; 2] = [MARKER, 0xd8];
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;
const APP1: u8 = 0xe1;
/// Stands for a byte of pixels, or is a marker without content between them.
const AMONG_PIXELS: [u8; 10] = [0, 0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, MARKER];

pub(super) fn cleaned(file: &[u8], orientation: u32) -> Vec<u8> {
    let mut clean = START.to_vec();
    let mut rest = file.strip_prefix(&START).unwrap_or_default();
    let mut note = upright_note(orientation);
    while let Some((marker, content, behind)) = segment(rest) {
        // Right behind the file's own head, where readers look for it.
        if marker != 0xe0
            && let Some(tiff) = note.take()
        {
            put_note(&mut clean, &tiff);
        }
        if is_needed(marker, content) {
            clean.extend_from_slice(&rest[..rest.len() - behind.len()]);
        }
        rest = behind;
        if marker == SCAN {
            let pixels = pixels(rest);
            clean.extend_from_slice(&rest[..pixels]);
            rest = &rest[pixels..];
        }
    }
    clean.extend([MARKER, END]);
    clean
}

fn put_note(clean: &mut Vec<u8>, tiff: &[u8]) {
    const EXIF: &[u8] = b"Exif\0\0";
    let length = u16::try_from(2 + EXIF.len() + tiff.len()).unwrap_or(u16::MAX);
    clean.extend([MARKER, APP1]);
    clean.extend(length.to_be_bytes());
    clean.extend(EXIF);
    clean.extend(tiff);
}

/// The next marker with its content, and what is behind it; `None` at the end, or where there is no
/// such thing.
fn segment(rest: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let [MARKER, marker, high, low, ..] = *rest else {
        return None;
    };
    if marker == MARKER {
        // Any number of these may stand before a marker.
        return segment(&rest[1..]);
    }
    if marker == END {
        return None;
    }
    let length = usize::from(u16::from_be_bytes([high, low]));
    let content = rest.get(4..2 + length)?;
    Some((marker, content, &rest[2 + length..]))
}

/// Tables, frames and scans are; of what programs add: the file's own head, colours, and how they
/// were turned into others.
fn is_needed(marker: u8, content: &[u8]) -> bool {
    match marker {
        0xe0 => content.starts_with(b"JFIF\0"),
        0xe2 => content.starts_with(b"ICC_PROFILE\0"),
        0xee => content.starts_with(b"Adobe"),
        0xe1..=0xef | 0xfe => false,
        _ => true,
    }
}

/// How many bytes there are before the next marker that ends a scan.
fn pixels(rest: &[u8]) -> usize {
    let ends = |pair: &[u8]| pair[0] == MARKER && !AMONG_PIXELS.contains(&pair[1]);
    rest.windows(2).position(ends).unwrap_or(rest.len())
}
