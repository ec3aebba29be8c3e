//! How a photo is read: once if it goes well, in other ways where it does not.

use tokio::task::spawn_blocking;
use vision::ModelError;

use crate::luma::Luma;
use crate::page::{self, Page};
use crate::tesseract::{Layout, Tesseract};
use crate::text::Reading;

/// A mean confidence below this comes from blurred letters: they are sharpened and read again.
const BLURRED: f32 = 82.0;
/// Below this lines may not have been found rightly: the reader looks for them itself.
const POOR: f32 = 60.0;

/// Reads a photo.
pub(crate) async fn read(reader: &Tesseract, photo: Luma) -> Result<Reading, ModelError> {
    let (page, clear) = blocking(move || {
        let page = page::page(&photo);
        let clear: Vec<Luma> = page.strips.iter().map(page::stretched).collect();
        (page, clear)
    })
    .await?;
    let mut reading = strips(reader, &clear, Layout::Line).await?;
    let Page { strips: raw, flat } = page;
    if reading.confidence() < BLURRED {
        let sharp = blocking(move || raw.iter().map(page::sharpened).collect::<Vec<_>>()).await?;
        let again = strips(reader, &sharp, Layout::BlurredLine).await?;
        reading = reading.better_lines(again);
    }
    if reading.confidence() < POOR {
        let whole = Reading::of(&reader.read(&[flat], Layout::Page).await?);
        if whole.worth() > reading.worth() {
            reading = whole;
        }
    }
    Ok(reading.legible())
}

async fn strips(
    reader: &Tesseract,
    strips: &[Luma],
    layout: Layout,
) -> Result<Reading, ModelError> {
    let words = reader.read(strips, layout).await?;
    Ok(Reading::of_strips(&words, strips.len()))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ModelError> {
    spawn_blocking(work)
        .await
        .map_err(|error| ModelError::Unavailable(format!("preparing a photo failed: {error}")))
}
