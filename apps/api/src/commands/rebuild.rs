//! `smartsight rebuild`

use url::Url;

use crate::settings::Settings;
use crate::wiring;

/// Derives study time, topics and help counts of all users again from their logs.
pub(crate) async fn run(settings: Settings) -> anyhow::Result<()> {
    let app = wiring::connect(&settings, &Url::parse("http://localhost")?).await?;
    let progress = indicatif::ProgressBar::new_spinner();
    let entries = app
        .topics
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
    app.database.clone().close().await?;
    Ok(())
}
