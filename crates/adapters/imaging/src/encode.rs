//! What models get to see.

use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};
use kernel::{Fault, PortError};
use vision::{ImageFault, View, ViewSpec};

use crate::raster::{Channels, Raster};

const JPEG_QUALITY: u8 = 85;

/// The picture as `spec` wants it; its size is already right.
pub(crate) fn view(raster: Raster, spec: ViewSpec) -> Result<View, ImageFault> {
    let (width, height) = (raster.width, raster.height);
    match spec {
        ViewSpec::Grey { .. } => Ok(View::Grey {
            pixels: raster.into_grey().pixels.into(),
            width,
            height,
        }),
        ViewSpec::Jpeg { .. } => Ok(View::Jpeg {
            bytes: jpeg(&raster)?,
            width,
            height,
        }),
    }
}

fn jpeg(raster: &Raster) -> Result<Bytes, ImageFault> {
    let color = match raster.channels {
        Channels::Grey => ExtendedColorType::L8,
        Channels::Rgb => ExtendedColorType::Rgb8,
    };
    let mut file = Vec::new();
    JpegEncoder::new_with_quality(&mut file, JPEG_QUALITY)
        .write_image(&raster.pixels, raster.width, raster.height, color)
        .map_err(|e| PortError::new(Fault::Corrupt, "encode an image", e))?;
    Ok(file.into())
}
