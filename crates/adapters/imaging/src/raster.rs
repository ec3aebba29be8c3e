//! Decoded pixels.

use vision::ImageFault;

/// How many bytes a pixel has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channels {
    /// Brightness.
    Grey,
    /// Red, green, blue.
    Rgb,
}

impl Channels {
    pub(crate) const fn count(self) -> usize {
        match self {
            Self::Grey => 1,
            Self::Rgb => 3,
        }
    }
}

/// Rows of pixels without padding, eight bits a sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Raster {
    pub(crate) pixels: Vec<u8>,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) channels: Channels,
}

impl Raster {
    /// Pixels of this shape.
    ///
    /// # Errors
    /// [`ImageFault::Damaged`] when the decoder's pixels are not what the header promised.
    pub(crate) fn new(
        pixels: Vec<u8>,
        width: u32,
        height: u32,
        channels: Channels,
    ) -> Result<Self, ImageFault> {
        if pixels.len() != width as usize * height as usize * channels.count() {
            return Err(ImageFault::Damaged);
        }
        Ok(Self {
            pixels,
            width,
            height,
            channels,
        })
    }

    /// The same picture in grey (BT.601 weights, as JPEG uses them).
    pub(crate) fn into_grey(self) -> Self {
        if self.channels == Channels::Grey {
            return self;
        }
        let luma = |rgb: &[u8]| {
            let [r, g, b] = [rgb[0], rgb[1], rgb[2]].map(u32::from);
            (r * 19_595 + g * 38_470 + b * 7_471 + 32_768).to_be_bytes()[1]
        };
        Self {
            pixels: self.pixels.chunks_exact(3).map(luma).collect(),
            channels: Channels::Grey,
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_stays_white_and_black_stays_black_in_grey() {
        let pixels = vec![255, 255, 255, 0, 0, 0];
        let grey = Raster::new(pixels, 2, 1, Channels::Rgb)
            .unwrap()
            .into_grey();
        assert_eq!(grey.pixels, [255, 0]);
    }

    #[test]
    fn pixels_that_do_not_fill_the_shape_are_damage() {
        let short = Raster::new(vec![0; 5], 2, 1, Channels::Rgb);
        assert!(matches!(short, Err(ImageFault::Damaged)));
    }
}
