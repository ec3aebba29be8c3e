//! What an uploaded file must be, and what models get to see of it.

use async_trait::async_trait;
use bytes::Bytes;
use kernel::PortError;

use crate::likeness::Signature;

/// A format that is accepted, told by content, never by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageFormat {
    /// JPEG, baseline or progressive.
    Jpeg,
    /// PNG.
    Png,
    /// WebP, lossy or lossless.
    WebP,
}

impl ImageFormat {
    /// The format of this media type.
    pub fn of_content_type(text: &str) -> Option<Self> {
        let all = [Self::Jpeg, Self::Png, Self::WebP];
        all.into_iter().find(|format| format.content_type() == text)
    }

    /// The usual file name extension.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::WebP => "webp",
        }
    }

    /// The media type.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
        }
    }
}

/// What a model wants to see of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ViewSpec {
    /// A JPEG whose longer side is at most this many pixels.
    Jpeg {
        /// Pixels.
        max_side: u32,
    },
    /// Luma pixels, the longer side at most this many pixels.
    Grey {
        /// Pixels.
        max_side: u32,
    },
}

/// An image turned upright and scaled down where needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum View {
    /// An encoded JPEG without metadata.
    Jpeg {
        /// The file.
        bytes: Bytes,
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
    },
    /// Luma, one byte a pixel, rows without padding.
    Grey {
        /// `width × height` bytes.
        pixels: Bytes,
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
    },
}

/// A decoded image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// The format of the file.
    pub format: ImageFormat,
    /// The file without what was written beside its pixels, such as place and device; `None` if
    /// nothing was.
    pub cleaned: Option<Bytes>,
    /// What was asked for.
    pub view: View,
    /// Tells whether another picture shows the same.
    pub signature: Signature,
}

/// Why a file is not taken as an image.
#[derive(Debug, thiserror::Error)]
pub enum ImageFault {
    /// No bytes at all.
    #[error("the file is empty")]
    Empty,
    /// The content is no image that is known.
    #[error("the content is not an image")]
    NotAnImage,
    /// A known format that this server does not decode, such as HEIC or GIF.
    #[error("{0} images are not supported; send JPEG, PNG or WebP")]
    Unsupported(&'static str),
    /// The file is cut off or damaged.
    #[error("the image is damaged or cut off")]
    Damaged,
    /// More pixels than are decoded: a decompression bomb or a far too large picture.
    #[error("the image has {width} × {height} pixels, more than are decoded")]
    TooManyPixels {
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
    },
    /// Decoding could not run.
    #[error("the image could not be decoded")]
    Port(#[from] PortError),
}

/// Decodes images within limits of pixels and memory, all calls together.
#[async_trait]
pub trait ImagePreparer: Send + Sync {
    /// Decodes `file`, turns it upright by its EXIF orientation (a broken or senseless one is
    /// ignored) and makes the view.
    async fn prepare(&self, file: Bytes, spec: ViewSpec) -> Result<Prepared, ImageFault>;
}
