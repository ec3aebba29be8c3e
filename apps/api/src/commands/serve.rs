//! `smartsight serve`

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::background;
use crate::listen::{self, Door};
use crate::periodic;
use crate::runtime::{SystemClock, SystemRandom};
use crate::settings::Settings;
use crate::wiring::{self, App};

/// How long running requests may take to end after a signal; with what follows 20 s.
const GRACE_OF_REQUESTS: Duration = Duration::from_secs(14);
/// How long what goes on after the last answer may take, besides what requests have left.
const GRACE_OF_TASKS: Duration = Duration::from_secs(4);
/// How long the connections to the database may take to close.
const GRACE_OF_DATABASE: Duration = Duration::from_secs(2);

/// How often objects that nobody claimed are looked for.
const SWEPT_EVERY: Duration = Duration::from_mins(1);

/// Conversations of a process that died, finished in one round.
const RECOVERED_AT_ONCE: u16 = 100;

/// Serves until SIGTERM or Ctrl-C, then ends what is running.
pub(crate) async fn run(settings: Settings, no_worker: bool) -> anyhow::Result<()> {
    let listener = TcpListener::bind(settings.listen)
        .await
        .with_context(|| format!("SMARTSIGHT_LISTEN: cannot listen on {}", settings.listen))?;
    let address = Url::parse(&format!("http://{}", listener.local_addr()?))?;
    let metrics = crate::metrics::start()?;
    let stop = CancellationToken::new();
    let door = Door::closed(starting()?);
    let answering = listen::serve(listener, door.clone(), stop.clone(), GRACE_OF_REQUESTS);
    let answering = tokio::spawn(answering);
    let mut app = Box::pin(wiring::connect(&settings, &address)).await?;
    app.auth
        .warm_up()
        .await
        .context("the list of revoked access tokens cannot be read")?;
    background::stop_on_signal(stop.clone())?;
    background::start_signals(&app, &stop);
    if !no_worker {
        background::start_working(&app, &stop);
    }
    start_periodic_work(&app, &settings, &stop);
    crate::heart::start(&app, &stop);
    stop_talking(&app, &stop);
    listen(&mut app, &stop);
    crate::gauges::start(&app, &stop);
    app.backlog.has_begun().await;
    door.open(app.router(&settings, metrics));
    announce(&settings, &address)?;
    let spare = answering.await.context("what answers panicked")?;
    let left = app.tasks.finish(spare + GRACE_OF_TASKS).await;
    if left > 0 {
        tracing::warn!(tasks = left, "background tasks did not end in time");
    }
    let closing = app.database.clone().close();
    if let Ok(closed) = tokio::time::timeout(GRACE_OF_DATABASE, closing).await {
        closed?;
    } else {
        tracing::warn!("the database did not let go in time");
    }
    tracing::info!("stopped");
    Ok(())
}

/// Answers until the server has started.
fn starting() -> anyhow::Result<axum::Router> {
    let ids = SystemRandom::open().context("no source of randomness")?;
    Ok(http_api::starting(Arc::new(SystemClock), Arc::new(ids)))
}

/// Says where the server listens: in the log, and in a file for whoever started it.
fn announce(settings: &Settings, address: &Url) -> anyhow::Result<()> {
    let address = address.as_str().trim_end_matches('/');
    tracing::info!(address, "listening");
    if settings.accounts.mail.smtp_url.is_none() {
        tracing::info!("SMTP_URL is not set: mail goes to the folder mail in the data folder");
    }
    if let Some(file) = &settings.address_file {
        let fresh = file.with_extension("new");
        let written = std::fs::write(&fresh, address).and_then(|()| std::fs::rename(&fresh, file));
        written
            .with_context(|| format!("SMARTSIGHT_ADDRESS_FILE: cannot write {}", file.display()))?;
    }
    Ok(())
}

/// Hears what other processes saw, until the server stops.
fn listen(app: &mut App, stop: &CancellationToken) {
    let Some(listener) = app.context.take() else {
        return;
    };
    let stop = stop.clone();
    let heard = async move {
        tokio::select! {
            () = stop.cancelled() => {}
            () = listener.listen() => {}
        }
    };
    kernel::Tasks::spawn(&app.tasks, "hear other processes", Box::pin(heard));
}

/// Conversations and other sockets end when the server is told to, not when it has waited for them
/// in vain.
fn stop_talking(app: &App, stop: &CancellationToken) {
    let (voice, events, stop) = (app.voice.clone(), app.events.clone(), stop.clone());
    let told = async move {
        stop.cancelled().await;
        voice.shut_down();
        events.shut_down();
    };
    kernel::Tasks::spawn(&app.tasks, "end voice conversations", Box::pin(told));
}

fn start_periodic_work(app: &App, settings: &Settings, stop: &CancellationToken) {
    background::start_writing_what_waits(app, stop);
    background::start_forgetting_jobs(app, stop);
    background::start_measuring_jobs(app, stop);
    let spending = app.spending.clone();
    let every = Duration::from_secs(2);
    periodic::start(&app.tasks, stop, "replay charges", every, move || {
        let spending = spending.clone();
        async move {
            let ::spending::Replayed { stored, set_aside } = spending.replay().await?;
            if stored + set_aside > 0 {
                tracing::info!(stored, set_aside, "waiting charges written");
            }
            Ok(())
        }
    });
    let topics = app.topics.clone();
    periodic::start(
        &app.tasks,
        stop,
        "catch up projections",
        Duration::from_secs(10),
        move || {
            let topics = topics.clone();
            async move { Ok(topics.catch_up_all().await.map(drop)?) }
        },
    );
    start_completing_erasures(app, stop);
    start_sweeping_uploads(app, stop);
    start_recovering_conversations(app, stop);
    start_ending_idle_sessions(app, settings, stop);
    start_purging(app, stop);
}

fn start_sweeping_uploads(app: &App, stop: &CancellationToken) {
    let uploads = app.uploads.clone();
    periodic::start(&app.tasks, stop, "sweep uploads", SWEPT_EVERY, move || {
        let uploads = uploads.clone();
        async move {
            let swept = uploads.sweep().await?;
            if swept > 0 {
                tracing::info!(swept, "objects that nobody claimed are removed");
            }
            Ok(())
        }
    });
}

fn start_recovering_conversations(app: &App, stop: &CancellationToken) {
    let voice = app.voice.clone();
    periodic::start(
        &app.tasks,
        stop,
        "recover voice conversations",
        Duration::from_mins(1),
        move || {
            let voice = voice.clone();
            async move {
                let found = voice.recover(RECOVERED_AT_ONCE).await?;
                if found != voice::Recovered::default() {
                    tracing::info!(
                        conversations = found.conversations,
                        recordings = found.recordings,
                        "voice conversations whose process died are finished"
                    );
                }
                Ok(())
            }
        },
    );
}

fn start_ending_idle_sessions(app: &App, settings: &Settings, stop: &CancellationToken) {
    let (sessions, idle) = (app.sessions.clone(), settings.session_idle);
    let rules = topics::Rules::new(settings.topic_max_gap);
    let backlog = app.backlog.clone();
    periodic::start(
        &app.tasks,
        stop,
        "end idle sessions",
        Duration::from_mins(1),
        move || {
            let (sessions, backlog) = (sessions.clone(), backlog.clone());
            async move {
                // An event that still waits may belong to a session that looks idle.
                if backlog.has_no_events().await? {
                    sessions.end_idle(idle, rules).await?;
                }
                Ok(())
            }
        },
    );
}

fn start_purging(app: &App, stop: &CancellationToken) {
    let auth = app.auth.clone();
    periodic::start(
        &app.tasks,
        stop,
        "purge tokens",
        Duration::from_hours(1),
        move || {
            let auth = auth.clone();
            async move {
                let purged = auth.purge().await?;
                tracing::debug!(
                    refresh_tokens = purged.refresh_tokens,
                    mailed_tokens = purged.mailed_tokens,
                    revocations = purged.revocations,
                    "expired tokens removed"
                );
                Ok(())
            }
        },
    );
    let (answers, clock) = (app.answers.clone(), app.clock.clone());
    periodic::start(
        &app.tasks,
        stop,
        "purge answers",
        Duration::from_hours(1),
        move || {
            let (answers, clock) = (answers.clone(), clock.clone());
            async move {
                Ok(answers
                    .purge(clock.now() - chrono::TimeDelta::days(1))
                    .await
                    .map(drop)?)
            }
        },
    );
}

fn start_completing_erasures(app: &App, stop: &CancellationToken) {
    let privacy = app.privacy.clone();
    periodic::start(
        &app.tasks,
        stop,
        "complete erasures",
        Duration::from_mins(1),
        move || {
            let privacy = privacy.clone();
            async move {
                let done = privacy.resume().await?;
                if done > 0 {
                    tracing::info!(done, "erasures that were broken off are complete");
                }
                Ok(())
            }
        },
    );
}
