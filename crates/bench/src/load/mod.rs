//! `load`: a system that many students have used for long, made in minutes.
//!
//! Every student is stored in one transaction with learning events, ledger entries and everything
//! derived. Students are the same for the same seed and day; whoever is there already is passed
//! over, so a load that was broken off goes on where it ended.

mod day;
mod student;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, NaiveTime, Utc};
use database::Database;
use sessions::Stored;

pub(crate) use student::{Student, name};

/// What to make, and where.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// How many students there are.
    #[arg(long, default_value_t = 1000)]
    users: u64,
    /// How many learning events they have together.
    #[arg(long, default_value_t = 10_000_000)]
    events: u64,
    /// Tells one load from another.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where to: `postgres://…`; else an SQLite file in the data folder.
    #[arg(long, env = "DATABASE_URL")]
    database_url: Option<String>,
    /// The data folder of an embedded server that is stopped.
    #[arg(long, env = "SMARTSIGHT_DATA_DIR", default_value = "./data")]
    data_dir: PathBuf,
}

/// How much of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    /// Students.
    pub(crate) users: u64,
    /// Learning events of all of them together.
    pub(crate) events: u64,
    /// Chooses what they study.
    pub(crate) seed: u64,
}

/// Loads and says how fast.
///
/// # Errors
/// When the database cannot be reached or refuses something.
pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    let url = options
        .database_url
        .unwrap_or_else(|| sqlite_url(&options.data_dir));
    let size = Size {
        users: options.users,
        events: options.events,
        seed: options.seed,
    };
    let begun = std::time::Instant::now();
    let stored = load(&url, size).await?;
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "{stored} events of {} students in {seconds:.0} s; students are called {} to {}",
        size.users,
        name(0),
        name(size.users.saturating_sub(1))
    );
    Ok(())
}

/// The database of an embedded server on this data folder.
pub(crate) fn sqlite_url(data: &Path) -> String {
    format!("sqlite://{}?mode=rwc", data.join("smartsight.db").display())
}

/// Brings the schema up to date and stores whoever is not there yet; returns how many events are new.
///
/// # Errors
/// When the database cannot be reached or refuses something.
pub(crate) async fn load(url: &str, size: Size) -> anyhow::Result<u64> {
    let options = database::Options {
        acquire_timeout: Duration::from_mins(1),
        ..database::Options::default()
    };
    let database = Database::connect(url, options).await;
    let database = database.context("the database cannot be reached")?;
    database.migrate().await?;
    let stored = store(&database, size).await?;
    database.plan_anew().await?;
    database.close().await?;
    Ok(stored)
}

/// One student is made while the one before is stored.
async fn store(database: &Database, size: Size) -> anyhow::Result<u64> {
    let until = Utc::now().date_naive().and_time(NaiveTime::MIN).and_utc();
    let (mut stored, mut next) = (0, Some(make(0, size, until)));
    for number in 1..=size.users {
        let Some(made) = next.take() else { break };
        next = (number < size.users).then(|| make(number, size, until));
        let past = made.await?;
        let events = past.events.len() as u64;
        if database.store_past(past).await? == Stored::New {
            stored += events;
        }
        if number % 100 == 0 {
            eprintln!("{number} of {} students", size.users);
        }
    }
    Ok(stored)
}

fn make(number: u64, size: Size, until: DateTime<Utc>) -> tokio::task::JoinHandle<database::Past> {
    tokio::task::spawn_blocking(move || Student::of(number, size, until).past())
}
