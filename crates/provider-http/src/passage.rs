//! How the image travels.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use vision::{ImageInput, ModelError, View};

/// How the image travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passage {
    /// The provider fetches it.
    Link,
    /// It is in the body.
    Inline,
}

impl Passage {
    /// A link where there is one.
    pub fn preferred(image: &ImageInput) -> Self {
        if image.link.is_some() {
            Self::Link
        } else {
            Self::Inline
        }
    }
}

/// The view's file.
fn jpeg(image: &ImageInput) -> Result<&Bytes, ModelError> {
    match &image.view {
        View::Jpeg { bytes, .. } => Ok(bytes),
        View::Grey { .. } => Err(ModelError::Unavailable(
            "the image was not prepared as a JPEG".to_owned(),
        )),
    }
}

/// The view's file in base64.
///
/// # Errors
/// [`ModelError::Unavailable`] for a view that is no JPEG.
pub fn jpeg_base64(image: &ImageInput) -> Result<String, ModelError> {
    jpeg(image).map(|bytes| STANDARD.encode(bytes))
}
