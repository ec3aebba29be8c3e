//! Smaller pictures.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use kernel::{Fault, PortError};
use vision::ImageFault;

use crate::raster::{Channels, Raster};

/// Width and height with the longer side at most `max_side`, the shape kept, no side below 1.
pub(crate) fn fitted(width: u32, height: u32, max_side: u32) -> (u32, u32) {
    let longest = width.max(height);
    if longest <= max_side {
        return (width, height);
    }
    let shrink = |side: u32| {
        let scaled = u64::from(side) * u64::from(max_side) + u64::from(longest / 2);
        u32::try_from(scaled / u64::from(longest))
            .unwrap_or(max_side)
            .max(1)
    };
    (shrink(width), shrink(height))
}

/// The picture with its longer side at most `max_side` pixels; a smaller one as it is.
pub(crate) fn fit(raster: Raster, max_side: u32) -> Result<Raster, ImageFault> {
    let (width, height) = fitted(raster.width, raster.height, max_side);
    if (width, height) == (raster.width, raster.height) {
        return Ok(raster);
    }
    let kind = match raster.channels {
        Channels::Grey => PixelType::U8,
        Channels::Rgb => PixelType::U8x3,
    };
    let source =
        ImageRef::new(raster.width, raster.height, &raster.pixels, kind).map_err(failed)?;
    let mut target = Image::new(width, height, kind);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom));
    Resizer::new()
        .resize(&source, &mut target, &options)
        .map_err(failed)?;
    Raster::new(target.into_vec(), width, height, raster.channels)
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> ImageFault {
    PortError::new(Fault::Corrupt, "scale an image", error).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_side_is_brought_to_the_limit_and_the_shape_kept() {
        assert_eq!(fitted(4000, 3000, 2000), (2000, 1500));
        assert_eq!(fitted(3000, 4000, 2000), (1500, 2000));
        assert_eq!(fitted(100, 50, 2000), (100, 50));
        assert_eq!(fitted(20_000, 2, 2000), (2000, 1));
    }
}
