//! `smartsight doctor`
//!
//! Looks at everything the settings name as the server would use it, beside a running server or
//! before the first start. Nothing is migrated, sent or kept. A check ends within its deadline, all
//! are made whatever becomes of the others, and each finding says what to do.

mod clock;
mod database;
mod disk;
mod finding;
mod google;
mod mail;
mod models;
mod objects;
mod public_url;
mod redis;
mod voice;

use std::pin::Pin;
use std::time::Duration;

use finding::{Finding, State};
use futures_util::future::join_all;

use crate::settings::Settings;

/// How long a check may take; what it asks has shorter deadlines of its own.
const DEADLINE: Duration = Duration::from_secs(20);
/// How long another system may take for one answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

type Check<'a> = (
    &'static str,
    Pin<Box<dyn Future<Output = Vec<Finding>> + Send + 'a>>,
);

/// Prints a line for each finding, or all as JSON.
///
/// # Errors
/// When something would keep the server from its work.
pub(crate) async fn run(settings: Settings, as_json: bool) -> anyhow::Result<()> {
    let checks = checks(&settings).into_iter().map(in_time);
    let findings: Vec<_> = join_all(checks).await.into_iter().flatten().collect();
    if as_json {
        println!("{}", finding::json(&findings)?);
    } else {
        for finding in &findings {
            println!("{finding}");
        }
    }
    let failures = findings
        .iter()
        .filter(|found| found.state == State::Failure);
    let failures = failures.count();
    anyhow::ensure!(failures == 0, "{failures} of {} failed", findings.len());
    Ok(())
}

/// In the order they are told.
fn checks(settings: &Settings) -> Vec<Check<'_>> {
    vec![
        (disk::NAME, Box::pin(disk::check(settings))),
        (database::NAME, Box::pin(database::check(settings))),
        (objects::NAME, Box::pin(objects::check(settings))),
        (redis::NAME, Box::pin(redis::check(settings))),
        (models::NAME, Box::pin(models::check(settings))),
        (voice::NAME, Box::pin(voice::check(settings))),
        (mail::NAME, Box::pin(mail::check(settings))),
        (google::NAME, Box::pin(google::check(settings))),
        (public_url::NAME, Box::pin(public_url::check(settings))),
        (clock::NAME, Box::pin(clock::check(settings))),
    ]
}

async fn in_time((name, check): Check<'_>) -> Vec<Finding> {
    let ended = tokio::time::timeout(DEADLINE, check).await;
    ended.unwrap_or_else(|_| {
        let message = format!("no answer within {} s", DEADLINE.as_secs());
        let fix = "see whether the other side hangs, and what stands between";
        vec![Finding::failure(name, message, fix)]
    })
}

/// An error with its causes, on one line.
fn told(error: impl Into<anyhow::Error>) -> String {
    format!("{:#}", error.into()).replace('\n', " ")
}
