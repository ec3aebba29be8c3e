//! Size and shape of a picture, read without decoding it.

use vision::{ImageFault, ImageFormat};

use crate::{Limits, jpeg, png, riff};

/// What the header of a file claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    /// The format it was read as.
    pub(crate) format: ImageFormat,
    /// Pixels, not zero.
    pub(crate) width: u32,
    /// Pixels, not zero.
    pub(crate) height: u32,
    /// Bytes of memory that decoding takes for each pixel at most.
    pub(crate) bytes_per_pixel: u32,
}

impl Header {
    /// Reads the header of `file`: little work, whatever the size of the picture.
    ///
    /// # Errors
    /// [`ImageFault::Damaged`] when there is none, a side is zero or the file is seen to be cut off.
    pub(crate) fn read(file: &[u8], format: ImageFormat) -> Result<Self, ImageFault> {
        let (width, height, bytes_per_pixel) = match format {
            ImageFormat::Jpeg => jpeg::shape(file)?,
            ImageFormat::Png => png::shape(file).ok_or(ImageFault::Damaged)?,
            ImageFormat::WebP => riff::shape(file).ok_or(ImageFault::Damaged)?,
        };
        if width == 0 || height == 0 {
            return Err(ImageFault::Damaged);
        }
        Ok(Self {
            format,
            width,
            height,
            bytes_per_pixel,
        })
    }

    /// The number of pixels.
    pub(crate) fn pixels(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    /// The same header when it keeps to the limits of one picture.
    ///
    /// # Errors
    /// [`ImageFault::TooManyPixels`].
    pub(crate) fn within(self, limits: &Limits) -> Result<Self, ImageFault> {
        let longest = self.width.max(self.height);
        if self.pixels() > limits.max_pixels || longest > limits.max_side {
            return Err(self.too_many());
        }
        Ok(self)
    }

    /// The refusal of this picture.
    pub(crate) fn too_many(&self) -> ImageFault {
        ImageFault::TooManyPixels {
            width: self.width,
            height: self.height,
        }
    }
}
