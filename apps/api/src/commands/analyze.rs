//! `smartsight analyze`

use std::path::{Path, PathBuf};

use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use kernel::UserId;
use serde_json::{Value, json};
use url::Url;
use vision::{AnalyzeRequest, Image};

use crate::settings::{ObjectSettings, Settings};
use crate::wiring;

/// Looks at each file through the same use case as the API, on stores that are thrown away.
///
/// # Errors
/// When a file could not be looked at; the others are looked at all the same.
pub(crate) async fn run(settings: Settings, files: Vec<PathBuf>) -> anyhow::Result<()> {
    let scratch = tempfile::tempdir().context("a temporary folder cannot be made")?;
    let (settings, address) = (
        on_scratch(settings, scratch.path()),
        Url::parse("http://localhost")?,
    );
    let app = Box::pin(wiring::connect(&settings, &address)).await?;
    let user = UserId::from_name("analyze");
    let progress = progress_bar(files.len());
    let mut failed = 0;
    for file in &files {
        progress.set_message(file.display().to_string());
        let outcome = look(&app.vision, user, file).await;
        failed += usize::from(outcome.is_err());
        let line = outcome.unwrap_or_else(|error| json!({ "error": format!("{error:#}") }));
        progress.suspend(|| println!("{}", with_file(line, file)));
        progress.inc(1);
    }
    progress.finish_and_clear();
    app.database.clone().close().await?;
    anyhow::ensure!(
        failed == 0,
        "{failed} of {} files could not be looked at",
        files.len()
    );
    Ok(())
}

async fn look(vision: &vision::Vision, user: UserId, file: &Path) -> anyhow::Result<Value> {
    let bytes = tokio::fs::read(file).await?;
    let image = Image::File(bytes.into());
    let request = AnalyzeRequest {
        user,
        session: None,
        image,
        captured_at: None,
        accepted_at: None,
        attempt: None,
    };
    let analyzed = vision.analyze(request).await?;
    Ok(json!({
        "contentAnalysis": analyzed.content,
        "topicEnum": analyzed.topic,
        "model": analyzed.model,
    }))
}

fn on_scratch(settings: Settings, folder: &Path) -> Settings {
    Settings {
        data_dir: folder.to_owned(),
        database_url: format!(
            "sqlite://{}?mode=rwc",
            folder.join("smartsight.db").display()
        ),
        objects: ObjectSettings::Folder,
        public_url: None,
        ..settings
    }
}

fn with_file(mut line: Value, file: &Path) -> Value {
    line["file"] = json!(file.display().to_string());
    line
}

/// Shown on a terminal only, and only for several files.
fn progress_bar(files: usize) -> ProgressBar {
    if files < 2 {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}");
    ProgressBar::new(files as u64)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
