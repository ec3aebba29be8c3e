//! WebP (RFC 9649): RIFF with chunks, padded to even lengths.

use super::upright_note;

const HEAD: usize = 12;
/// Say in the first chunk that there is EXIF, or XMP.
const HAS_EXIF: u8 = 0x08;
const HAS_XMP: u8 = 0x04;
const NEEDED: [&[u8; 4]; 7] = [
    b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ICCP", b"ANIM", b"ANMF",
];

pub(super) fn cleaned(file: &[u8], orientation: u32) -> Vec<u8> {
    let (head, rest) = file.split_at(HEAD.min(file.len()));
    // What is behind the length in the head is behind the end.
    let length = head.get(4..8).and_then(|length| length.try_into().ok());
    let length = length.map_or(0, u32::from_le_bytes).saturating_sub(4);
    let mut rest = &rest[..rest
        .len()
        .min(usize::try_from(length).unwrap_or(usize::MAX))];
    let mut clean = head.to_vec();
    let (mut note, mut extended) = (upright_note(orientation), None);
    while let Some((name, chunk, behind)) = chunk(rest) {
        if NEEDED.contains(&name) {
            if name == b"VP8X" {
                extended = Some(clean.len() + 8);
            }
            clean.extend_from_slice(chunk);
        }
        rest = behind;
    }
    // Only the extended form may have a note.
    if let Some(flags) = extended.and_then(|at| clean.get_mut(at)) {
        *flags &= !(HAS_EXIF | HAS_XMP);
        if let Some(tiff) = note.take() {
            *flags |= HAS_EXIF;
            put_note(&mut clean, &tiff);
        }
    }
    let length = u32::try_from(clean.len().saturating_sub(8)).unwrap_or(u32::MAX);
    if let Some(place) = clean.get_mut(4..8) {
        place.copy_from_slice(&length.to_le_bytes());
    }
    clean
}

fn put_note(clean: &mut Vec<u8>, tiff: &[u8]) {
    let length = u32::try_from(tiff.len()).unwrap_or(u32::MAX);
    clean.extend(b"EXIF");
    clean.extend(length.to_le_bytes());
    clean.extend(tiff);
}

/// A chunk with its padding.
fn chunk(rest: &[u8]) -> Option<(&[u8; 4], &[u8], &[u8])> {
    let name = rest.first_chunk()?;
    let length = u32::from_le_bytes(*rest.get(4..)?.first_chunk()?);
    let padded = usize::try_from(length).ok()?.checked_next_multiple_of(2)?;
    let whole = padded.checked_add(8)?.min(rest.len());
    let (chunk, behind) = rest.split_at(whole);
    Some((name, chunk, behind))
}
