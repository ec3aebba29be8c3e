//! PNG (third edition, section 5): a signature, then chunks with length, name, content and sum.

const SIGNATURE: usize = 8;
const END: &[u8] = b"IEND";
/// What is around a chunk's content.
const FRAME: usize = 12;
/// Of the chunks that can be done without, those that change how the picture looks.
const LOOKS: [&[u8; 4]; 9] = [
    b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs", b"cICP",
];

pub(super) fn cleaned(file: &[u8]) -> Vec<u8> {
    let (head, mut rest) = file.split_at(SIGNATURE.min(file.len()));
    let mut clean = head.to_vec();
    while let Some((name, chunk, behind)) = chunk(rest) {
        // A critical chunk has a capital first.
        if name[0].is_ascii_uppercase() || LOOKS.contains(&name) {
            clean.extend_from_slice(chunk);
        }
        if name == END {
            break;
        }
        rest = behind;
    }
    clean
}

fn chunk(rest: &[u8]) -> Option<(&[u8; 4], &[u8], &[u8])> {
    let length = u32::from_be_bytes(*rest.first_chunk()?);
    let name = rest.get(4..)?.first_chunk()?;
    let whole = usize::try_from(length).ok()?.checked_add(FRAME)?;
    let (chunk, behind) = rest.split_at_checked(whole)?;
    Some((name, chunk, behind))
}
