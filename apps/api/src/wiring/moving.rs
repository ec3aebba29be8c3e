//! Everything of everybody, with the server stopped.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, ensure};
use database::Database;
use files::DataFolder;
use moving::Moving;
use url::Url;
use vision::{Backlog, Waiting};

use super::stores;
use crate::runtime::SystemClock;
use crate::settings::Settings;

/// A place that is left or moved into.
pub(crate) struct House {
    pub(crate) moving: Moving,
    pub(crate) database: Database,
    backlog: Backlog,
    folder: DataFolder,
}

/// Opens what the settings name, for this process alone.
pub(crate) async fn house(settings: &Settings) -> anyhow::Result<House> {
    let folder = super::data_folder(settings)?;
    let address = Url::parse("http://localhost")?;
    let stores = stores::open(settings, &folder, &address).await?;
    let database = super::database(settings).await?;
    let shared = Arc::new(database.clone());
    Ok(House {
        moving: Moving::new(
            shared.clone(),
            stores.objects.clone(),
            Arc::new(SystemClock),
        ),
        database,
        backlog: Backlog::new(stores.journal, stores.spool, shared, stores.objects),
        folder,
    })
}

impl House {
    /// Brings what waits on this disk to where it belongs.
    ///
    /// # Errors
    /// When something still waits: it would be left behind.
    pub(crate) async fn tidy(&self) -> anyhow::Result<()> {
        self.backlog.replay().await?;
        let Waiting {
            events, objects, ..
        } = self
            .backlog
            .waiting(kernel::Clock::now(&SystemClock))
            .await?;
        let waiting = events.count + objects.count;
        ensure!(
            waiting == 0,
            "{waiting} events and images still wait in the data folder"
        );
        let charges = holds_files(&self.folder.charges())?;
        let recordings = holds_files(&self.folder.recordings())?;
        ensure!(
            !charges && !recordings,
            "recordings or charges still wait in the data folder: start the server and stop it again"
        );
        Ok(())
    }
}

/// Whether a file lies below the folder. What was set aside or never finished does not count.
fn holds_files(folder: &Path) -> anyhow::Result<bool> {
    const PASSED_OVER: [&str; 2] = [".tmp", "rejected"];
    let failed = || folder.display().to_string();
    for entry in std::fs::read_dir(folder).with_context(failed)? {
        let path = entry.with_context(failed)?.path();
        let name = path.file_name().unwrap_or_default();
        let counts = !PASSED_OVER.iter().any(|other| name == *other);
        if counts && (!path.is_dir() || holds_files(&path)?) {
            return Ok(true);
        }
    }
    Ok(false)
}
