//! How a photo is read: once if it goes well, in other ways where it does not.

use tokio::task::spawn_blocking;
use vision::ModelError;

use crate::luma::Luma;
use crate::page;
use crate::tesseract::{Layout, Tesseract};
use crate::text::Reading;

/// A mean confidence below this comes from blurred letters: they are sharpened and read again.
const BLURRED: f32 = 82.0;
/// Below this lines may not have been found rightly: the reader looks for them itself.
const POOR: f32 = 60.0;

/// On a picture without a camera's faults the reader's own order is preferred to ours while it reads
/// this much of what we read.
const AS_GOOD: f32 = 0.95;

/// So many lines tell whether there is text.
const GLANCED_LINES: usize = 6;
/// So many words that were surely read are no grain of wood.
const GLANCED_WORDS: usize = 4;

/// Reads a photo.
pub(crate) async fn read(reader: &Tesseract, photo: Luma) -> Result<Reading, ModelError> {
    let (page, clear, photo) = blocking(move || {
        let page = page::page(&photo);
        let clear: Vec<Luma> = page.strips.iter().map(page::stretched).collect();
        (page, clear, photo)
    })
    .await?;
    let reading = straight_lines(reader, clear, page.strips).await?;
    let reading = if page::is_clean(&photo) {
        let whole = whole(reader, photo).await?;
        if whole.worth() >= AS_GOOD * reading.worth() {
            whole
        } else {
            reading
        }
    } else if reading.confidence() < POOR {
        let whole = whole(reader, page.flat).await?;
        if whole.worth() > reading.worth() {
            whole
        } else {
            reading
        }
    } else {
        reading
    };
    Ok(reading.legible())
}

/// Whether there is text, by its longest lines; `None` where they cannot be read.
pub(crate) async fn glance(reader: &Tesseract, photo: Luma) -> Result<Option<bool>, ModelError> {
    let lines = blocking(move || {
        let mut strips = page::page(&photo).strips;
        strips.sort_by_key(|strip| std::cmp::Reverse(strip.width));
        strips.truncate(GLANCED_LINES);
        strips.iter().map(page::stretched).collect::<Vec<_>>()
    })
    .await?;
    if lines.is_empty() {
        return Ok(Some(false));
    }
    let reading = strips(reader, &lines, Layout::Line).await?;
    Ok((reading.sure_words() >= GLANCED_WORDS).then_some(true))
}

/// Reads the lines, and blurred ones once more.
async fn straight_lines(
    reader: &Tesseract,
    clear: Vec<Luma>,
    raw: Vec<Luma>,
) -> Result<Reading, ModelError> {
    let reading = strips(reader, &clear, Layout::Line).await?;
    if reading.confidence() >= BLURRED {
        return Ok(reading);
    }
    let sharp = blocking(move || raw.iter().map(page::sharpened).collect::<Vec<_>>()).await?;
    let again = strips(reader, &sharp, Layout::BlurredLine).await?;
    Ok(reading.better_lines(again))
}

/// Lets the reader find lines and their order itself.
async fn whole(reader: &Tesseract, picture: Luma) -> Result<Reading, ModelError> {
    Ok(Reading::of(&reader.read(&[picture], Layout::Page).await?))
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
