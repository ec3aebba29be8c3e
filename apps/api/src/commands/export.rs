//! `smartsight export`

use std::path::Path;

use anyhow::Context;
use futures_util::StreamExt;
use privacy::Archive;
use tokio::io::AsyncWriteExt;
use url::Url;
use zip_archive::{ZipBytes, zip_stream};

use crate::settings::Settings;
use crate::wiring;

/// Writes everything of one user into a zip. Without success there is no such file.
pub(crate) async fn run(settings: Settings, who: String, out: &Path) -> anyhow::Result<()> {
    let app = Box::pin(wiring::connect(&settings, &Url::parse("http://localhost")?)).await?;
    let user = app.user(&who).await?;
    let export = async |archive| Ok(app.privacy.export(user, archive).await?);
    let manifest = write(out, export).await?;
    let lines: u64 = manifest.kinds.values().map(|counted| counted.count).sum();
    println!(
        "{}: {lines} lines and {} images, {} images missing",
        out.display(),
        manifest.images.count,
        manifest.missing_images.len()
    );
    app.database.clone().close().await?;
    Ok(())
}

/// Writes what `fill` puts into the archive. Without success there is no such file.
pub(super) async fn write<T>(
    out: &Path,
    fill: impl AsyncFnOnce(Box<dyn Archive>) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let unfinished = out.with_added_extension("part");
    let (archive, zip) = zip_stream();
    let (filled, written) = tokio::join!(fill(archive), copy(zip, &unfinished));
    if filled.is_err() || written.is_err() {
        tokio::fs::remove_file(&unfinished).await.ok();
    }
    // Where one side fails the other one is broken off too: the cause is told first.
    let filled = match (filled, written) {
        (Ok(filled), written) => written.map(|()| filled)?,
        (Err(cause), Ok(())) => return Err(cause),
        (Err(cause), Err(written)) => return Err(written.context(format!("{cause:#}"))),
    };
    tokio::fs::rename(&unfinished, out).await?;
    Ok(filled)
}

async fn copy(mut zip: ZipBytes, path: &Path) -> anyhow::Result<()> {
    let failed = || format!("cannot write {}", path.display());
    let mut file = tokio::fs::File::create_new(path)
        .await
        .with_context(failed)?;
    while let Some(portion) = zip.next().await {
        file.write_all(&portion?).await.with_context(failed)?;
    }
    file.sync_all().await.with_context(failed)
}
