//! How much waits, as figures for Prometheus.

use std::time::Duration;

use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;
use vision::{Held, Standing, Vision, Waiting};

use crate::periodic;
use crate::wiring::App;

const EVERY: Duration = Duration::from_secs(5);

/// Measures now and then: `journal_events`, `journal_bytes`, `journal_oldest_event_age_seconds`,
/// `spool_images`, `spool_bytes`, `spool_oldest_image_age_seconds`, `projection_lag_entries`;
/// `tasks_alive`, which the runtime has; how each provider of vision stands,
/// `vision_breaker_state{provider}`: 0 is asked, 1 is tried, 2 is left alone; and how many last
/// pictures are kept to be compared with, `vision_remembered_pictures`,
/// `vision_remembered_bytes`.
pub(crate) fn start(app: &App, stop: &CancellationToken) {
    let (backlog, topics, clock) = (app.backlog.clone(), app.topics.clone(), app.clock.clone());
    let vision = app.vision.clone();
    let runtime = tokio::runtime::Handle::current().metrics();
    periodic::start(&app.tasks, stop, "measure what waits", EVERY, move || {
        let (backlog, topics, clock) = (backlog.clone(), topics.clone(), clock.clone());
        tell_standings(&vision);
        metrics::gauge!("tasks_alive").set(figure(runtime.num_alive_tasks() as u64));
        tell_remembered(vision.remembered());
        async move {
            // First what is told from memory: the database may be away.
            tell(&backlog.waiting(clock.now()).await?);
            metrics::gauge!("projection_lag_entries").set(figure(topics.lag().await?));
            Ok(())
        }
    });
}

fn tell(waiting: &Waiting) {
    let Waiting {
        events,
        oldest_event,
        objects,
        oldest_object,
    } = waiting;
    let Held { count, bytes } = *events;
    metrics::gauge!("journal_events").set(figure(count as u64));
    metrics::gauge!("journal_bytes").set(figure(bytes));
    metrics::gauge!("journal_oldest_event_age_seconds").set(seconds(*oldest_event));
    let Held { count, bytes } = *objects;
    metrics::gauge!("spool_images").set(figure(count as u64));
    metrics::gauge!("spool_bytes").set(figure(bytes));
    metrics::gauge!("spool_oldest_image_age_seconds").set(seconds(*oldest_object));
}

fn tell_remembered(Held { count, bytes }: Held) {
    metrics::gauge!("vision_remembered_pictures").set(figure(count as u64));
    metrics::gauge!("vision_remembered_bytes").set(figure(bytes));
}

fn tell_standings(vision: &Vision) {
    for (provider, standing) in vision.standings() {
        let state = match standing {
            Standing::Closed => 0.0,
            Standing::Trial => 1.0,
            Standing::Open => 2.0,
        };
        metrics::gauge!("vision_breaker_state", "provider" => provider).set(state);
    }
}

fn seconds(time: TimeDelta) -> f64 {
    figure(time.num_seconds().unsigned_abs())
}

#[expect(
    clippy::cast_precision_loss,
    reason = "what waits has fewer than 2^53 bytes"
)]
pub(crate) fn figure(number: u64) -> f64 {
    number as f64
}
