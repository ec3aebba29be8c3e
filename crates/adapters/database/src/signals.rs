//! Who is told of commits: at once in this process, and through Postgres in the others.
//!
//! A signal says only where to look. One that is lost costs time, nothing else: whoever waits for
//! it looks by themselves now and then.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use futures_util::StreamExt;
use jobs::Bell;
use kernel::UserId;
use ledger::{News, Ringing};
use tokio::sync::{Notify, mpsc, watch};

use crate::Database;

/// Signals for other processes that may wait; more are left out.
const WAITING_SIGNALS: usize = 10_000;

/// Where to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Signal {
    /// Something of this user may have changed.
    User(UserId),
    /// There may be a job to do.
    Job,
}

/// The bells of one process; clones share them.
#[derive(Debug, Clone)]
pub(crate) struct Signals(Arc<Bells>);

#[derive(Debug)]
struct Bells {
    users: Mutex<HashMap<UserId, watch::Sender<()>>>,
    jobs: Notify,
    /// To the other processes, if there are any.
    out: mpsc::Sender<Signal>,
    /// Taken by whoever carries them.
    carried: Mutex<Option<mpsc::Receiver<Signal>>>,
}

impl Default for Signals {
    fn default() -> Self {
        let (out, carried) = mpsc::channel(WAITING_SIGNALS);
        Self(Arc::new(Bells {
            users: Mutex::default(),
            jobs: Notify::new(),
            out,
            carried: Mutex::new(Some(carried)),
        }))
    }
}

impl Signals {
    pub(crate) fn tell_of_user(&self, user: UserId) {
        self.tell(Signal::User(user));
    }

    pub(crate) fn tell_of_job(&self) {
        self.tell(Signal::Job);
    }

    fn tell(&self, signal: Signal) {
        self.ring(signal);
        if self.0.out.try_send(signal).is_err() {
            tracing::trace!("other processes will see by themselves");
        }
    }

    /// Rings in this process.
    pub(crate) fn ring(&self, signal: Signal) {
        match signal {
            Signal::Job => self.0.jobs.notify_one(),
            Signal::User(user) => {
                if let Some(bell) = self.users().get(&user) {
                    bell.send_replace(());
                }
            }
        }
    }

    /// Rings everything: what was missed is not known.
    pub(crate) fn ring_all(&self) {
        self.0.jobs.notify_one();
        for bell in self.users().values() {
            bell.send_replace(());
        }
    }

    /// The signals for other processes; once.
    pub(crate) fn carry(&self) -> Option<mpsc::Receiver<Signal>> {
        let mut carried = self
            .0
            .carried
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        carried.take()
    }

    fn listen(&self, user: UserId) -> watch::Receiver<()> {
        let mut users = self.users();
        users.retain(|_, bell| bell.receiver_count() > 0);
        let bell = users.entry(user).or_insert_with(|| watch::channel(()).0);
        bell.subscribe()
    }

    fn users(&self) -> std::sync::MutexGuard<'_, HashMap<UserId, watch::Sender<()>>> {
        self.0.users.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl News for Database {
    fn listen(&self, user: UserId) -> Ringing {
        let heard = self.signals().listen(user);
        let rings = futures_util::stream::unfold(heard, |mut heard| async move {
            heard.changed().await.ok().map(|()| ((), heard))
        });
        rings.boxed()
    }
}

#[async_trait]
impl Bell for Database {
    async fn rung(&self) {
        self.signals().0.jobs.notified().await;
    }
}
