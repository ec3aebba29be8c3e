//! What the simulator remembers.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::bill::SimBill;
use super::options::SimOptions;
use super::realtime::Hub;
use super::record::RecordedRequest;
use super::script::{Asked, Player, Script, Step};

/// Shared by the handle and the server.
#[derive(Debug)]
pub(super) struct State {
    pub(super) options: SimOptions,
    pub(super) realtime: Arc<Hub>,
    player: Mutex<Player>,
    requests: Mutex<VecDeque<RecordedRequest>>,
    bills: Mutex<Vec<SimBill>>,
    arrived: watch::Sender<u64>,
    serial: AtomicU64,
}

impl State {
    pub(super) fn new(options: SimOptions) -> Self {
        let realtime = Arc::new(Hub::new(options.realtime.clone()));
        Self {
            options,
            realtime,
            player: Mutex::default(),
            requests: Mutex::default(),
            bills: Mutex::default(),
            arrived: watch::Sender::new(0),
            serial: AtomicU64::new(1),
        }
    }

    /// A number that no other caller gets.
    pub(super) fn serial(&self) -> u64 {
        self.serial.fetch_add(1, Ordering::Relaxed)
    }

    /// Whether requests may name the model.
    pub(super) fn knows(&self, model: &str) -> bool {
        let known = self.options.models.as_ref();
        known.is_none_or(|known| known.iter().any(|name| name == model))
    }

    pub(super) fn set_script(&self, script: Script) {
        *locked(&self.player) = Player::new(script);
    }

    pub(super) fn next_step(&self, asked: &mut Asked) -> Step {
        locked(&self.player).next(asked)
    }

    /// Keeps the request; the oldest one goes when there is no room.
    pub(super) fn record(&self, request: RecordedRequest) {
        let mut requests = locked(&self.requests);
        requests.push_back(request);
        let excess = requests.len().saturating_sub(self.options.keep_requests);
        requests.drain(..excess);
        self.arrived.send_modify(|count| *count += 1);
    }

    pub(super) fn requests(&self) -> Vec<RecordedRequest> {
        locked(&self.requests).iter().cloned().collect()
    }

    /// Notes an answer that is billed.
    pub(super) fn bill(&self, bill: Option<SimBill>) {
        // Kept for inspection, as requests are; a simulator under load keeps none.
        if self.options.keep_requests > 0 {
            locked(&self.bills).extend(bill);
        }
    }

    pub(super) fn bills(&self) -> Vec<SimBill> {
        locked(&self.bills).clone()
    }

    /// How many requests have arrived since the start.
    pub(super) fn arrivals(&self) -> watch::Receiver<u64> {
        self.arrived.subscribe()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
