//! `smartsight migrate`

use crate::settings::Settings;
use crate::wiring;

/// Brings the schema up to date and returns.
pub(crate) async fn run(settings: Settings) -> anyhow::Result<()> {
    let _folder = wiring::data_folder(&settings)?;
    let database = wiring::database(&settings).await?;
    database.close().await?;
    println!("the schema is up to date");
    Ok(())
}
