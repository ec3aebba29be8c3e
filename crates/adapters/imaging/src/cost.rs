//! The memory one picture takes from header to view.

use vision::ViewSpec;

use crate::header::Header;
use crate::scale::fitted;

/// JPEG blocks are up to 32 pixels wide and high, so rows and columns are decoded in such steps.
const BLOCK: u64 = 32;

/// An upper bound in bytes: pixels while decoding, the half-scaled picture between the two passes
/// of the scaler, and the view before and after it is turned.
pub(crate) fn bytes(header: &Header, spec: ViewSpec) -> u64 {
    let (ViewSpec::Jpeg { max_side } | ViewSpec::Grey { max_side }) = spec;
    let channels = 3;
    let (view_width, view_height) = fitted(header.width, header.height, max_side);
    let padded = |side: u32| u64::from(side).next_multiple_of(BLOCK);
    let decoding = padded(header.width) * padded(header.height) * u64::from(header.bytes_per_pixel);
    let half_scaled = channels * u64::from(view_width) * u64::from(header.height);
    let views = 2 * channels * u64::from(view_width) * u64::from(view_height);
    decoding + half_scaled + views
}
