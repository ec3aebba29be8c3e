//! Draws the bundled study pages again: `draw-pages FOLDER`.
//!
//! Each page is written as a JPEG beside a manifest that tells what is on it. The same fonts give the
//! same bytes.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use draw_pages::{ink, pages, photo};
use image::codecs::jpeg::JpegEncoder;
use serde_json::json;

/// Good enough to read, small enough to keep in a repository.
const JPEG_QUALITY: u8 = 56;

/// The most a page may weigh, in bytes.
const HEAVIEST: usize = 100 * 1024;

fn main() -> Result<()> {
    let folder = std::env::args_os()
        .nth(1)
        .context("usage: draw-pages FOLDER")?;
    let folder = PathBuf::from(folder);
    let fonts = ink::Fonts::load()?;
    for (number, page) in pages::PAGES.iter().enumerate() {
        let paper = ink::set(page, &fonts);
        let photo = photo::take(&paper, u32::try_from(number)?);
        write(&folder.join(page.file), &photo)?;
    }
    let manifest = serde_json::to_string_pretty(&manifest())?;
    std::fs::write(folder.join("manifest.json"), manifest + "\n")?;
    Ok(())
}

fn write(file: &Path, photo: &image::RgbImage) -> Result<()> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY).encode_image(photo)?;
    ensure!(
        bytes.len() <= HEAVIEST,
        "{}: {} bytes",
        file.display(),
        bytes.len()
    );
    println!("{} {} bytes", file.display(), bytes.len());
    Ok(std::fs::write(file, bytes)?)
}

fn manifest() -> serde_json::Value {
    let pages = pages::PAGES.iter().map(|page| {
        json!({
            "file": page.file,
            "topic": page.topic,
            "subject": page.subject,
            "subtopic": page.subtopic,
            "studying": true,
            "text": format!("{}\n{}", page.title, page.paragraphs.join("\n")),
        })
    });
    json!({ "pages": pages.collect::<Vec<_>>() })
}
