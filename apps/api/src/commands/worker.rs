//! `smartsight worker`

use std::time::Duration;

use tokio_util::sync::CancellationToken;
use url::Url;

use crate::background;
use crate::settings::{Faults, ObjectSettings, Settings};
use crate::wiring;

/// How long jobs and what they have begun may take to end after a signal.
const GRACE: Duration = Duration::from_secs(18);

/// Carries out jobs until SIGTERM or Ctrl-C, beside any number of other workers and servers.
pub(crate) async fn run(settings: Settings) -> anyhow::Result<()> {
    shared_by_processes(&settings)?;
    let app = Box::pin(wiring::connect(&settings, &Url::parse("http://localhost")?)).await?;
    let stop = CancellationToken::new();
    background::stop_on_signal(stop.clone())?;
    background::start_signals(&app, &stop);
    background::start_working(&app, &stop);
    background::start_writing_what_waits(&app, &stop);
    tracing::info!("working");
    stop.cancelled().await;
    let left = app.tasks.finish(GRACE).await;
    if left > 0 {
        tracing::warn!(tasks = left, "background tasks did not end in time");
    }
    app.database.clone().close().await?;
    tracing::info!("stopped");
    Ok(())
}

/// What the server accepts a worker must be able to find.
fn shared_by_processes(settings: &Settings) -> Result<(), Faults> {
    let mut faults = Faults::default();
    if settings.database_url.starts_with("sqlite") {
        let fix =
            "must begin with postgres:// for a worker; with SQLite the server works by itself";
        faults.add("DATABASE_URL", fix);
    }
    if matches!(settings.objects, ObjectSettings::Folder) {
        let fix = "must be set for a worker; with a folder the server works by itself";
        faults.add("S3_BUCKET", fix);
    }
    faults.unless_any(())
}
