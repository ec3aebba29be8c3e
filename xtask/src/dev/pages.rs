//! The photos to send: the user's own, else the bundled study pages.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::workspace::root;

/// Where the bundled pages are, from the root of the checkout.
const BUNDLED: &str = "fixtures/pages";

/// The photos in the order they are sent; a file that is not there is named before anything starts.
pub(crate) fn chosen(own: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let photos = if own.is_empty() {
        bundled()?
    } else {
        own.to_vec()
    };
    if let Some(missing) = photos.iter().find(|photo| !photo.is_file()) {
        bail!("no such photo: {}", missing.display());
    }
    Ok(photos)
}

fn bundled() -> Result<Vec<PathBuf>> {
    let folder = root().join(BUNDLED);
    let text = std::fs::read_to_string(folder.join("manifest.json"))
        .with_context(|| format!("{BUNDLED}/manifest.json is missing"))?;
    let manifest: Value = serde_json::from_str(&text)?;
    let pages = manifest["pages"]
        .as_array()
        .context("no pages in the manifest")?;
    let files = pages.iter().filter_map(|page| page["file"].as_str());
    Ok(files.map(|file| folder.join(file)).collect())
}
