//! What stands on the pages, from the test data's manifest.

use anyhow::Context;
use serde::Deserialize;

/// One file and what an attentive reader sees in it.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Truth {
    /// Path in the test data.
    pub(super) file: String,
    /// `None` where there is nothing to study.
    pub(super) subject: Option<String>,
    pub(super) subtopic: Option<String>,
    /// `None` where either answer is right.
    pub(super) studying: Option<bool>,
    /// All that can be read; empty where there is no text.
    #[serde(default)]
    pub(super) text: String,
}

impl Truth {
    /// It shows a textbook page, for which the subject is demanded.
    pub(super) fn is_page(&self) -> bool {
        !self.file.starts_with("photos/") && self.subject.is_some()
    }

    /// There is nothing to study in it and nothing to read.
    pub(super) fn is_blank(&self) -> bool {
        self.subject.is_none() && self.text.is_empty()
    }
}

/// All pages, then all photos.
pub(super) fn all() -> anyhow::Result<Vec<Truth>> {
    let mut manifest = testkit::data::json("manifest.json");
    let mut all = Vec::new();
    for part in ["pages", "photos"] {
        let listed: Vec<Truth> = serde_json::from_value(manifest[part].take())
            .with_context(|| format!("the manifest's {part}"))?;
        all.extend(listed);
    }
    Ok(all)
}

/// The frames of the walk; what stands on their pages is not compared.
pub(super) fn walk() -> anyhow::Result<Vec<Truth>> {
    let mut walk = testkit::data::json("walk/walk.json");
    serde_json::from_value(walk["frames"].take()).context("the frames of the walk")
}
