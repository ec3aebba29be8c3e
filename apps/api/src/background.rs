//! What goes on besides requests in whatever process: jobs, signals of other processes, and what
//! waits on this disk.

use std::time::Duration;

use chrono::TimeDelta;
use futures_util::FutureExt;
use jobs::{Depth, JobYard, Kind, Stop};
use kernel::{Tasks, Timestamp};
use tokio_util::sync::CancellationToken;

use crate::gauges::figure;
use crate::periodic;
use crate::wiring::App;

/// How long jobs are kept that are done or have failed.
const JOBS_KEPT: TimeDelta = TimeDelta::days(7);
/// How often jobs are measured.
const MEASURED_EVERY: Duration = Duration::from_secs(5);
/// How often what waits on disk is written.
const WRITTEN_EVERY: Duration = Duration::from_secs(2);

/// Ends the process politely on SIGTERM and Ctrl-C.
pub(crate) fn stop_on_signal(stop: CancellationToken) -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
        stop.cancel();
    });
    Ok(())
}

/// Carries out jobs until stopped.
pub(crate) fn start_working(app: &App, stop: &CancellationToken) {
    let worker = app.workshop.worker();
    let stop = stop.clone();
    let stopped: Stop = async move { stop.cancelled().await }.boxed().shared();
    app.tasks.spawn("jobs", Box::pin(worker.run(stopped)));
}

/// Tells other processes of changes and hears of theirs until stopped.
pub(crate) fn start_signals(app: &App, stop: &CancellationToken) {
    let (database, stop) = (app.database.clone(), stop.clone());
    let carried = async move {
        tokio::select! {
            () = stop.cancelled() => {}
            () = database.connect_signals() => {}
        }
    };
    app.tasks.spawn("signals", Box::pin(carried));
}

/// Writes events and images that wait on this disk.
pub(crate) fn start_writing_what_waits(app: &App, stop: &CancellationToken) {
    let backlog = app.backlog.clone();
    let name = "replay backlog";
    periodic::start(&app.tasks, stop, name, WRITTEN_EVERY, move || {
        let backlog = backlog.clone();
        async move {
            let done = backlog.replay().await?;
            if done != vision::Replayed::default() {
                tracing::info!(
                    events = done.events,
                    objects = done.objects,
                    set_aside = done.set_aside,
                    "backlog written"
                );
            }
            Ok(())
        }
    });
}

/// Measures jobs now and then: `jobs_waiting{kind}`, `jobs_running{kind}`, `jobs_failed{kind}` and
/// `jobs_oldest_due_age_seconds{kind}`, those of all processes together.
pub(crate) fn start_measuring_jobs(app: &App, stop: &CancellationToken) {
    let (database, clock) = (app.database.clone(), app.clock.clone());
    let kinds = app.workshop.kinds();
    periodic::start(
        &app.tasks,
        stop,
        "measure jobs",
        MEASURED_EVERY,
        move || {
            let (database, clock, kinds) = (database.clone(), clock.clone(), kinds.clone());
            async move {
                let now = clock.now();
                let mut depths = database.depths(now).await?;
                let is_told = |kind: &Kind| depths.iter().any(|depth| depth.kind == *kind);
                let none: Vec<_> = kinds.into_iter().filter(|kind| !is_told(kind)).collect();
                depths.extend(none.into_iter().map(Depth::none));
                for depth in depths {
                    tell(depth, now);
                }
                Ok(())
            }
        },
    );
}

fn tell(depth: Depth, now: Timestamp) {
    let Depth {
        kind,
        waiting,
        running,
        failed,
        due_since,
    } = depth;
    let kind = kind.to_string();
    metrics::gauge!("jobs_waiting", "kind" => kind.clone()).set(figure(waiting));
    metrics::gauge!("jobs_running", "kind" => kind.clone()).set(figure(running));
    metrics::gauge!("jobs_failed", "kind" => kind.clone()).set(figure(failed));
    let age = due_since.map_or(TimeDelta::zero(), |since| now - since);
    let seconds = age.num_seconds().unsigned_abs();
    metrics::gauge!("jobs_oldest_due_age_seconds", "kind" => kind).set(figure(seconds));
}

/// Forgets jobs that ended long ago.
pub(crate) fn start_forgetting_jobs(app: &App, stop: &CancellationToken) {
    let (database, clock) = (app.database.clone(), app.clock.clone());
    let every = Duration::from_hours(1);
    periodic::start(&app.tasks, stop, "purge jobs", every, move || {
        let (database, clock) = (database.clone(), clock.clone());
        async move {
            let before = clock.now() - JOBS_KEPT;
            Ok(database.purge(before).await.map(drop)?)
        }
    });
}
