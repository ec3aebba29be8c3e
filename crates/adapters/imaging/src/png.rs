//! PNG: the fixed header and the chunks behind it.

/// Width, height and the bytes of memory for each pixel, once the end chunk is found.
pub(crate) fn shape(file: &[u8]) -> Option<(u32, u32, u32)> {
    let mut chunks = Chunks {
        rest: file.get(8..)?,
    };
    let (b"IHDR", body) = chunks.next()? else {
        return None;
    };
    let &[w3, w2, w1, w0, h3, h2, h1, h0, depth, colour, ..] = body else {
        return None;
    };
    chunks.any(|(name, _)| name == b"IEND").then_some((
        u32::from_be_bytes([w3, w2, w1, w0]),
        u32::from_be_bytes([h3, h2, h1, h0]),
        bytes_per_pixel(depth, colour),
    ))
}

/// The decoded samples and the eight-bit copy without transparency that is made of them.
fn bytes_per_pixel(depth: u8, colour: u8) -> u32 {
    let channels = match colour {
        0 | 4 => 2, // plain grey may still name one transparent shade
        _ => 4,
    };
    channels * if depth == 16 { 2 } else { 1 } + 3
}

struct Chunks<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Chunks<'a> {
    type Item = (&'a [u8; 4], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let (length, rest) = self.rest.split_first_chunk::<4>()?;
        let (name, rest) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let body = rest.get(..length)?;
        self.rest = rest.get(length.checked_add(4)?..)?;
        Some((name, body))
    }
}
