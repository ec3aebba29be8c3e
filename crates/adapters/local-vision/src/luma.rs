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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_must_fill_the_picture() {
        assert!(Luma::new(vec![0; 5], 3, 2).is_none());
        assert!(Luma::new(vec![], 0, 2).is_none());
    }
}
