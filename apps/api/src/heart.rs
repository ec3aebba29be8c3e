//! Telling other processes that this one lives.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::periodic;
use crate::wiring::App;

/// Requests a process was carrying out may be repeated at another one when several of these are
/// missed.
const EVERY: Duration = Duration::from_secs(3);

/// Tells it until the process stops.
pub(crate) fn start(app: &App, stop: &CancellationToken) {
    let (answers, clock) = (app.answers.clone(), app.clock.clone());
    periodic::start(&app.tasks, stop, "tell of life", EVERY, move || {
        let (answers, clock) = (answers.clone(), clock.clone());
        async move { Ok(answers.beat(clock.now()).await?) }
    });
}
