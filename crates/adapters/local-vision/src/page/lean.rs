//! How steep the lines of a page run on the whole.

use super::blobs::Blob;

/// Slopes that are tried: 27 degrees to either side in steps of about one degree.
const STEPS: i16 = 25;
const STEP: f32 = 0.02;

/// Ink that may be a letter, judged by itself: not a speck, not a stroke, not a picture.
pub(super) fn is_letter_like(blob: &Blob) -> bool {
    let (width, height) = (blob.width(), blob.height());
    (5.0..=120.0).contains(&height)
        && width >= 2.0
        && width <= 12.0 * height
        && blob.area >= 0.12 * width * height
}

/// The slope (pixels down for each pixel to the right) along which the feet of letters line up
/// best, and how well: the mean crowd on a line, 1 when there are no lines.
pub(super) fn lean(blobs: &[Blob]) -> (f32, f32) {
    let letters: Vec<&Blob> = blobs.iter().filter(|blob| is_letter_like(blob)).collect();
    let tried = (-STEPS..=STEPS).map(|step| {
        let slope = f32::from(step) * STEP;
        (slope, crowd(&letters, slope))
    });
    tried
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .unwrap_or((0.0, 1.0))
}

/// Letters share bins of a few pixels along the slope; short stretches count on their own, so that
/// a page that bulges lines up too.
fn crowd(letters: &[&Blob], slope: f32) -> f32 {
    const BIN: f32 = 4.0;
    const STRETCH: f32 = 300.0;
    let mut bins = std::collections::HashMap::<(i32, i32), f32>::new();
    for letter in letters {
        let down = ((letter.bottom - slope * letter.x()) / BIN).floor();
        let along = (letter.x() / STRETCH).floor();
        *bins.entry((rounded(along), rounded(down))).or_default() += letter.height().sqrt();
    }
    let squares: f32 = bins.values().map(|count| count * count).sum();
    let sum: f32 = bins.values().sum();
    squares / sum.max(1.0)
}

#[expect(clippy::cast_possible_truncation, reason = "coordinates of a picture")]
fn rounded(value: f32) -> i32 {
    value as i32
}
