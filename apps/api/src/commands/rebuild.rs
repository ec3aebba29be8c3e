//! `smartsight rebuild`

use std::sync::Arc;

use topics::{Rules, Topics};

use crate::runtime::SystemClock;
use crate::settings::Settings;
use crate::wiring;

/// Derives study time, topics and help counts of all users again from their logs, one user at a
/// time. A running server serves the old numbers of a user until the new ones are complete, and
/// what is written meanwhile is in them.
pub(crate) async fn run(settings: Settings) -> anyhow::Result<()> {
    let database = Arc::new(wiring::beside(&settings).await?);
    let rules = Rules::new(settings.topic_max_gap);
    let topics = Topics::new(
        database.clone(),
        database.clone(),
        Arc::new(SystemClock),
        rules,
    );
    let progress = indicatif::ProgressBar::new_spinner();
    let entries = topics
        .rebuild_all(|user, entries| {
            progress.inc(1);
            progress.set_message(format!(
                "{} users; {entries} entries of {user}",
                progress.position()
            ));
        })
        .await?;
    progress.finish_and_clear();
    println!("{entries} entries folded for {} users", progress.position());
    (*database).clone().close().await?;
    Ok(())
}
