//! What all realtime connections share.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::http::HeaderMap;
use tokio::sync::{mpsc, watch};

use super::clips::Clips;
use super::options::RealtimeOptions;
use super::record::{Entry, RealtimeConnection, RealtimeRecord};
use super::script::{Deed, Player, RealtimeScript};
use super::usage::RealtimeUsage;

const PATIENCE: Duration = Duration::from_secs(30);

/// Shared by the handle and the connections.
#[derive(Debug)]
pub(in crate::sim) struct Hub {
    pub(super) options: RealtimeOptions,
    player: Mutex<Player>,
    connections: Mutex<Vec<RealtimeConnection>>,
    opened: watch::Sender<u64>,
    answers: AtomicU32,
    clips: Clips,
}

impl Hub {
    pub(in crate::sim) fn new(options: RealtimeOptions) -> Self {
        Self {
            options,
            player: Mutex::default(),
            connections: Mutex::default(),
            opened: watch::Sender::new(0),
            answers: AtomicU32::new(1),
            clips: Clips::default(),
        }
    }

    pub(super) fn player(&self) -> MutexGuard<'_, Player> {
        locked(&self.player)
    }

    /// A number for an answer that no other has.
    pub(super) fn answer_number(&self) -> u32 {
        self.answers.fetch_add(1, Ordering::Relaxed)
    }

    /// What is said in speech of this loudness, frame by frame.
    pub(super) fn words_of(&self, loudness: &[f32]) -> Option<String> {
        let asked = self.options.knows_clips;
        asked.then(|| self.clips.words_of(loudness)).flatten()
    }

    /// Takes a connection down.
    pub(super) fn open(
        &self,
        path: String,
        headers: HeaderMap,
    ) -> (Arc<Entry>, mpsc::UnboundedReceiver<Deed>) {
        let (deeds, performed) = mpsc::unbounded_channel();
        let mut connections = locked(&self.connections);
        let entry = Arc::new(Entry {
            number: connections.len() as u64 + 1,
            path,
            headers,
            keep: self.options.keep,
            opened: Instant::now(),
            record: Mutex::new(RealtimeRecord::default()),
            changed: watch::Sender::new(0),
            deeds,
        });
        connections.push(RealtimeConnection(Arc::clone(&entry)));
        drop(connections);
        self.opened.send_modify(|count| *count += 1);
        (entry, performed)
    }
}

/// The realtime half of a simulator.
#[derive(Debug, Clone, Copy)]
pub struct Realtime<'a>(pub(in crate::sim) &'a Hub);

impl Realtime<'_> {
    /// Replaces the script; counting begins anew. Connections keep the fate they were opened with.
    pub fn script(&self, script: RealtimeScript) {
        *self.0.player() = Player::new(script);
    }

    /// All connections, ended ones included, in the order of their upgrades.
    pub fn connections(&self) -> Vec<RealtimeConnection> {
        locked(&self.0.connections).clone()
    }

    /// Waits for the connection of this number, counted from 1 since the simulator's start.
    ///
    /// # Panics
    /// When it has not come within 30 seconds.
    pub async fn connection(&self, number: usize) -> RealtimeConnection {
        let mut opened = self.0.opened.subscribe();
        let come = opened.wait_for(|_| self.connections().len() >= number);
        let in_time = tokio::time::timeout(PATIENCE, come).await.is_ok();
        let connection = self.connections().get(number.saturating_sub(1)).cloned();
        connection
            .filter(|_| in_time)
            .unwrap_or_else(|| panic!("no connection {number}"))
    }

    /// Tokens of all answers that are done, on all connections.
    pub fn usage(&self) -> RealtimeUsage {
        let mut usage = RealtimeUsage::default();
        for connection in self.connections() {
            usage += connection.read(|record| record.usage);
        }
        usage
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
