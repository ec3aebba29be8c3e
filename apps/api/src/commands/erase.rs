//! `smartsight erase`

use std::io::{BufRead, Write};

use url::Url;

use crate::settings::Settings;
use crate::wiring;

/// Erases everything of one user and prints the receipt as JSON.
pub(crate) async fn run(settings: Settings, who: String, is_sure: bool) -> anyhow::Result<()> {
    let app = Box::pin(wiring::connect(&settings, &Url::parse("http://localhost")?)).await?;
    let user = app.user(&who).await?;
    anyhow::ensure!(
        is_sure || confirmed(&who)?,
        "nothing was erased: answer `yes`, or say --yes"
    );
    let receipt = app.privacy.erase(user).await?;
    println!("{}", serde_json::to_string_pretty(&receipt)?);
    app.database.clone().close().await?;
    Ok(())
}

fn confirmed(who: &str) -> anyhow::Result<bool> {
    eprint!("Erase everything of {who}? It cannot be undone. Type yes: ");
    std::io::stderr().flush()?;
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim() == "yes")
}
