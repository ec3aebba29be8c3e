//! Grey pictures.

/// Rows of brightness without padding: 0 black, 255 white. Neither side is zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Luma {
    pub(crate) pixels: Vec<u8>,
    pub(crate) width: usize,
    pub(crate) height: usize,
}

impl Luma {
    /// A picture of these pixels; `None` when they do not fill it or a side is zero.
    pub(crate) fn new(pixels: Vec<u8>, width: usize, height: usize) -> Option<Self> {
        let sound = width > 0 && height > 0 && pixels.len() == width.checked_mul(height)?;
        sound.then_some(Self {
            pixels,
            width,
            height,
        })
    }

    /// The picture as a binary PGM file.
    pub(crate) fn to_pgm(&self) -> Vec<u8> {
        let mut file = format!("P5\n{} {}\n255\n", self.width, self.height).into_bytes();
        file.extend_from_slice(&self.pixels);
        file
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pgm_is_a_header_and_the_pixels() {
        let picture = Luma::new(vec![1, 2, 3, 4, 5, 6], 3, 2).unwrap();
        assert_eq!(picture.to_pgm(), b"P5\n3 2\n255\n\x01\x02\x03\x04\x05\x06");
    }

    #[test]
    fn pixels_must_fill_the_picture() {
        assert!(Luma::new(vec![0; 5], 3, 2).is_none());
        assert!(Luma::new(vec![], 0, 2).is_none());
    }
}
