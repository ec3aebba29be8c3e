//! WebP: the size in the first chunk of its RIFF container.

/// Lossless pictures are unpacked to four bytes a pixel and copied; lossy ones take planes, colours
/// and a plane for transparency; animations a canvas besides.
const BYTES_PER_PIXEL: u32 = 12;

/// Width, height and the bytes of memory for each pixel; `None` when the file is shorter than it
/// says or its first chunk is none of the three kinds.
pub(crate) fn shape(file: &[u8]) -> Option<(u32, u32, u32)> {
    let claimed = u32::from_le_bytes(file.get(4..8)?.try_into().ok()?);
    if (file.len() as u64) < u64::from(claimed) + 8 {
        return None;
    }
    let body = file.get(20..)?;
    let (width, height) = match file.get(12..16)? {
        b"VP8X" => (little(body.get(4..7)?) + 1, little(body.get(7..10)?) + 1),
        b"VP8 " if body.get(3..6)? == [0x9d, 0x01, 0x2a] => {
            let side = |range| Some(little(body.get(range)?) & 0x3fff);
            (side(6..8)?, side(8..10)?)
        }
        b"VP8L" if *body.first()? == 0x2f => {
            let bits = little(body.get(1..5)?);
            ((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1)
        }
        _ => return None,
    };
    Some((width, height, BYTES_PER_PIXEL))
}

fn little(bytes: &[u8]) -> u32 {
    let add = |sum: u32, byte: &u8| sum << 8 | u32::from(*byte);
    bytes.iter().rev().fold(0, add)
}
