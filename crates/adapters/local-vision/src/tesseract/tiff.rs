//! Several pictures in one file.

use crate::luma::Luma;

const HEADER_BYTES: usize = 8;
const ENTRIES: usize = 10;
const DIRECTORY_BYTES: usize = 2 + ENTRIES * 12 + 4;
const SHORT: u16 = 3;
const LONG: u16 = 4;

/// The pictures as pages of a TIFF file, uncompressed.
pub(super) fn tiff(pictures: &[Luma]) -> Vec<u8> {
    let mut file = b"II*\0".to_vec();
    file.extend(number(HEADER_BYTES).to_le_bytes());
    for (index, picture) in pictures.iter().enumerate() {
        let pixels_at = file.len() + DIRECTORY_BYTES;
        let end = (pixels_at + picture.pixels.len()).next_multiple_of(2);
        let next = if index + 1 < pictures.len() { end } else { 0 };
        directory(&mut file, picture, pixels_at);
        file.extend(number(next).to_le_bytes());
        file.extend_from_slice(&picture.pixels);
        file.resize(end, 0);
    }
    file
}

fn directory(file: &mut Vec<u8>, picture: &Luma, pixels_at: usize) {
    let entries: [(u16, u16, u32); ENTRIES] = [
        (254, LONG, 2), // one page of several
        (256, LONG, number(picture.width)),
        (257, LONG, number(picture.height)),
        (258, SHORT, 8), // bits a sample
        (259, SHORT, 1), // not compressed
        (262, SHORT, 1), // zero is black
        (273, LONG, number(pixels_at)),
        (277, SHORT, 1), // samples a pixel
        (278, LONG, number(picture.height)),
        (279, LONG, number(picture.pixels.len())),
    ];
    file.extend([u8::try_from(ENTRIES).unwrap_or(0), 0]);
    for (tag, kind, value) in entries {
        file.extend(tag.to_le_bytes());
        file.extend(kind.to_le_bytes());
        file.extend(1_u32.to_le_bytes());
        file.extend(value.to_le_bytes());
    }
}

fn number(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_directory_leads_to_its_pixels_and_to_the_next() {
        let picture = |pixels: &[u8]| Luma::new(pixels.to_vec(), pixels.len(), 1).unwrap();
        let file = tiff(&[picture(&[1, 2, 3]), picture(&[4, 5])]);
        let at = |offset: usize| {
            u32::from_le_bytes(file[offset..offset + 4].try_into().unwrap()) as usize
        };
        let first = at(4);
        let pixels = at(first + 2 + 6 * 12 + 8);
        assert_eq!(file[pixels..pixels + 3], [1, 2, 3]);
        let second = at(first + DIRECTORY_BYTES - 4);
        let pixels = at(second + 2 + 6 * 12 + 8);
        assert_eq!(file[pixels..pixels + 2], [4, 5]);
        assert_eq!(at(second + DIRECTORY_BYTES - 4), 0);
    }
}
