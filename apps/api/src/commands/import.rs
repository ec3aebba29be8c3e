//! `smartsight import`

use std::path::Path;

use anyhow::Context;
use zip_archive::ZipFolder;

use super::export_all::told;
use crate::settings::Settings;
use crate::wiring;

/// Brings everything of an archive into an empty place.
pub(crate) async fn run(settings: Settings, file: &Path) -> anyhow::Result<()> {
    let archive = ZipFolder::open(file);
    let mut archive = archive.with_context(|| format!("cannot read {}", file.display()))?;
    let house = wiring::house(&settings).await?;
    let inventory = house.moving.arrive(&mut archive).await?;
    println!("{} are here now", told(&inventory));
    house.database.close().await?;
    Ok(())
}
