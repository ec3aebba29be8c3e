//! Which format a file is, told by its first bytes, never by its name.

use vision::{ImageFault, ImageFormat};

/// How far into a text file `<svg` is looked for.
const SVG_WINDOW: usize = 4096;

/// Fixed beginnings of formats that are known and not decoded.
const KNOWN: &[(&[u8], &str)] = &[
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"%PDF-", "PDF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
    (b"8BPS", "PSD"),
    (b"\0\0\x01\0", "ICO"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\0\x0cJXL ", "JPEG XL"),
    (b"\0\0\0\x0cjP  ", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
];

/// The accepted format of `file`.
///
/// # Errors
/// [`ImageFault::Empty`], [`ImageFault::Unsupported`] with the format's name, or
/// [`ImageFault::NotAnImage`].
pub(crate) fn sniff(file: &[u8]) -> Result<ImageFormat, ImageFault> {
    match file {
        [] => Err(ImageFault::Empty),
        [0xff, 0xd8, 0xff, ..] => Ok(ImageFormat::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Ok(ImageFormat::Png),
        _ if file.starts_with(b"RIFF") && file.get(8..12) == Some(b"WEBP") => Ok(ImageFormat::WebP),
        _ => Err(known(file).map_or(ImageFault::NotAnImage, ImageFault::Unsupported)),
    }
}

fn known(file: &[u8]) -> Option<&'static str> {
    let fixed = KNOWN.iter().find(|(magic, _)| file.starts_with(magic));
    fixed
        .map(|(_, name)| *name)
        .or_else(|| iso_media(file))
        .or_else(|| is_bmp(file).then_some("BMP"))
        .or_else(|| is_svg(file).then_some("SVG"))
}

/// HEIC and AVIF are ISO media files: an `ftyp` box names the brand and those it can pass for.
fn iso_media(file: &[u8]) -> Option<&'static str> {
    if file.get(4..8) != Some(b"ftyp") {
        return None;
    }
    let length = u32::from_be_bytes(file.get(..4)?.try_into().ok()?) as usize;
    let brands = file.get(8..length.clamp(8, 256).min(file.len()))?;
    let has = |wanted: &[&[u8]]| brands.chunks_exact(4).any(|brand| wanted.contains(&brand));
    if has(&[b"avif", b"avis"]) {
        Some("AVIF")
    } else if has(&[
        b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1",
    ]) {
        Some("HEIC")
    } else {
        None
    }
}

/// "BM" alone also begins texts; the reserved field behind the size is zero in pictures.
fn is_bmp(file: &[u8]) -> bool {
    file.starts_with(b"BM") && file.len() > 26 && file[6..10] == [0; 4]
}

fn is_svg(file: &[u8]) -> bool {
    let window = &file[..file.len().min(SVG_WINDOW)];
    let text = window.strip_prefix(b"\xef\xbb\xbf").unwrap_or(window);
    let text = text.trim_ascii_start();
    text.starts_with(b"<svg")
        || [b"<?xml".as_slice(), b"<!--", b"<!DOCTYPE svg"]
            .iter()
            .any(|start| text.starts_with(start))
            && text.windows(4).any(|four| four == b"<svg")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(file: &[u8], expected: &str) {
        let answer = match sniff(file) {
            Ok(format) => format.extension().to_owned(),
            Err(fault) => fault.to_string(),
        };
        assert!(answer.starts_with(expected), "{answer} is not {expected}");
    }

    #[test]
    fn formats_are_told_by_their_first_bytes() {
        check(b"\xff\xd8\xff\xe0", "jpg");
        check(b"\x89PNG\r\n\x1a\n", "png");
        check(b"RIFF\x10\0\0\0WEBPVP8 ", "webp");
    }

    #[test]
    fn known_formats_that_are_not_decoded_are_named() {
        check(b"GIF89a", "GIF");
        check(b"\0\0\0\x1cftypheic\0\0\0\0mif1heic", "HEIC");
        check(b"\0\0\0\x1cftypmif1\0\0\0\0mif1avif", "AVIF");
        check(b"  <?xml version='1.0'?><!-- x --><svg>", "SVG");
        check(
            b"BM\x8a\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x01\0\0\0\x01\0\0\0\x01",
            "BMP",
        );
        check(b"MM\0*\0\0", "TIFF");
    }

    #[test]
    fn anything_else_is_no_image() {
        check(b"BMW builds engines for cars, did you know", "the content");
        check(b"\0\0\0\x18ftypmp42", "the content");
        check(b"<html><svg>", "the content");
        check(b"RIFF\x10\0\0\0WAVE", "the content");
        check(b"", "the file is empty");
    }
}
