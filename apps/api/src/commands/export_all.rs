//! `smartsight export --all`

use std::path::Path;

use moving::Inventory;

use super::export::write;
use crate::settings::Settings;
use crate::wiring;

/// Writes everything of everybody into a zip. Without success there is no such file.
pub(crate) async fn run(settings: Settings, out: &Path) -> anyhow::Result<()> {
    let house = wiring::house(&settings).await?;
    house.tidy().await?;
    let inventory = write(out, async |archive| Ok(house.moving.leave(archive).await?)).await?;
    println!("{}: {}", out.display(), told(&inventory));
    house.database.close().await?;
    Ok(())
}

/// What an archive holds.
pub(super) fn told(inventory: &Inventory) -> String {
    let rows: u64 = inventory.tables.values().sum();
    let (tables, objects) = (inventory.tables.len(), inventory.objects.count);
    let bytes = inventory.objects.bytes;
    format!("{rows} rows of {tables} tables, {objects} objects of {bytes} bytes")
}
