//! Connections as they went.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::http::HeaderMap;
use serde_json::Value;
use tokio::sync::{mpsc, watch};

use super::options::Keep;
use super::script::Deed;
use super::usage::RealtimeUsage;

const PATIENCE: Duration = Duration::from_secs(30);

/// An event as it came or went.
#[derive(Debug, Clone)]
pub struct RealtimeEvent {
    /// Since the connection was opened.
    pub at: Duration,
    /// The frame's text.
    pub text: String,
}

impl RealtimeEvent {
    /// The event; null if the text is no JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    /// Its `type`; empty if it has none.
    pub fn kind(&self) -> String {
        self.json()["type"].as_str().unwrap_or_default().to_owned()
    }
}

/// An answer as it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RealtimeAnswer {
    /// What [`super::voice::spans`] calls it, counted from 1 in the simulator.
    pub number: u32,
    /// The response.
    pub response_id: String,
    /// Its items, in order.
    pub item_ids: Vec<String>,
    /// The words that were sent, cancelled or not.
    pub text: String,
    /// Milliseconds of sound that were sent.
    pub spoken_ms: u32,
    /// `completed`, `cancelled`, …; `in_progress` until then.
    pub status: String,
    /// Of `response.done`.
    pub usage: RealtimeUsage,
}

/// All that is known of a connection.
#[derive(Debug, Clone, Default)]
pub struct RealtimeRecord {
    /// What the client sent; see [`Keep`].
    pub received: Vec<RealtimeEvent>,
    /// What it was sent; see [`Keep`].
    pub sent: Vec<RealtimeEvent>,
    /// The sound it sent, all appends behind each other; see [`Keep`].
    pub sound: Vec<i16>,
    /// How many events it sent.
    pub received_count: u64,
    /// How many samples it sent.
    pub received_samples: u64,
    /// How many of its events were answered with an error.
    pub errors: u64,
    /// Answers, begun ones included.
    pub answers: Vec<RealtimeAnswer>,
    /// Tokens of all answers that are done.
    pub usage: RealtimeUsage,
    /// The session as it is; null where only numbers are kept.
    pub session: Value,
    /// The conversation as it is; empty where only numbers are kept.
    pub items: Vec<Value>,
    /// How it ended; `None` while it is open.
    pub end: Option<RealtimeEnd>,
}

/// How a connection ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RealtimeEnd {
    /// The client's closing handshake, with its code if it gave one.
    ByClient(Option<u16>),
    /// The client was gone without a closing handshake.
    ClientGone,
    /// The simulator's closing handshake.
    ByServer(u16),
    /// [`Deed::Lose`] or [`Deed::Reset`].
    Cut,
}

/// A connection: what came and went, and a hand on it.
#[derive(Debug, Clone)]
pub struct RealtimeConnection(pub(super) Arc<Entry>);

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) number: u64,
    pub(super) path: String,
    pub(super) headers: HeaderMap,
    pub(super) keep: Keep,
    pub(super) opened: Instant,
    pub(super) record: Mutex<RealtimeRecord>,
    pub(super) changed: watch::Sender<u64>,
    pub(super) deeds: mpsc::UnboundedSender<Deed>,
}

impl Entry {
    pub(super) fn record(&self) -> MutexGuard<'_, RealtimeRecord> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes something down and tells who waits for it.
    pub(super) fn note(&self, write: impl FnOnce(&mut RealtimeRecord)) {
        write(&mut self.record());
        self.changed.send_modify(|count| *count += 1);
    }

    pub(super) fn event(&self, text: String) -> RealtimeEvent {
        RealtimeEvent {
            at: self.opened.elapsed(),
            text,
        }
    }
}

impl RealtimeConnection {
    /// Counted from 1 since the simulator's start.
    pub fn number(&self) -> u64 {
        self.0.number
    }

    /// The path, with its query.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// The upgrade's headers, the key's too.
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// Looks at the record as it is; it stands still meanwhile.
    pub fn read<T>(&self, look: impl FnOnce(&RealtimeRecord) -> T) -> T {
        look(&self.0.record())
    }

    /// Everything as it is now.
    pub fn record(&self) -> RealtimeRecord {
        self.0.record().clone()
    }

    /// The events of a type that the client sent.
    pub fn received(&self, kind: &str) -> Vec<Value> {
        of_kind(&self.0.record().received, kind)
    }

    /// The events of a type that it was sent.
    pub fn sent(&self, kind: &str) -> Vec<Value> {
        of_kind(&self.0.record().sent, kind)
    }

    /// Everything the client sent, an event a line, as
    /// [`crate::python::validate_realtime_client_events`] takes it.
    pub fn received_lines(&self) -> String {
        lines(&self.0.record().received)
    }

    /// Everything it was sent, an event a line.
    pub fn sent_lines(&self) -> String {
        lines(&self.0.record().sent)
    }

    /// Does something to the connection; nothing if it has ended.
    pub fn perform(&self, deed: Deed) {
        // A connection that has ended takes no deeds.
        let _ = self.0.deeds.send(deed);
    }

    /// Waits until the record is as wanted.
    ///
    /// # Panics
    /// When it is not within 30 seconds; `what` says what was waited for.
    pub async fn wait_for(&self, what: &str, wanted: impl Fn(&RealtimeRecord) -> bool) {
        let mut changes = self.0.changed.subscribe();
        let arrived = changes.wait_for(|_| wanted(&self.0.record()));
        let in_time = tokio::time::timeout(PATIENCE, arrived).await.is_ok();
        assert!(in_time, "connection {}: no {what}", self.number());
    }

    /// Waits until it was sent `count` events of a type. Needs [`Keep::Events`].
    ///
    /// # Panics
    /// When it was not within 30 seconds.
    pub async fn wait_for_sent(&self, kind: &str, count: usize) {
        let what = format!("{kind} × {count}");
        let begin = format!("\"type\":\"{kind}\"");
        let is = |event: &&RealtimeEvent| event.text.contains(&begin);
        self.wait_for(&what, |r| r.sent.iter().filter(is).count() >= count)
            .await;
    }

    /// Waits until `count` of its answers are done.
    ///
    /// # Panics
    /// When they are not within 30 seconds.
    pub async fn wait_for_answers(&self, count: usize) {
        let done = |answer: &&RealtimeAnswer| answer.status != "in_progress";
        self.wait_for("answers", |r| {
            r.answers.iter().filter(done).count() >= count
        })
        .await;
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// When it has not ended within 30 seconds.
    pub async fn wait_for_end(&self) -> RealtimeEnd {
        self.wait_for("end", |record| record.end.is_some()).await;
        let end = self.0.record().end.clone();
        end.unwrap_or(RealtimeEnd::ClientGone)
    }
}

fn of_kind(events: &[RealtimeEvent], kind: &str) -> Vec<Value> {
    let all = events.iter().map(RealtimeEvent::json);
    all.filter(|event| event["type"] == kind).collect()
}

fn lines(events: &[RealtimeEvent]) -> String {
    let lines = events.iter().map(|event| format!("{}\n", event.text));
    lines.collect()
}
