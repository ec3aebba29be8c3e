//! Carries signals between processes, over `LISTEN` and `NOTIFY`.
//!
//! What is to be told is sent after the commit and outside its transaction: a `NOTIFY` inside takes
//! a lock of the whole server at the commit.

use std::collections::HashSet;
use std::time::Duration;

use futures_util::future::{Either, select};
use kernel::{Fault, PortError, PortResult};
use sea_orm::sqlx::postgres::PgListener;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use tokio::sync::mpsc;

use crate::Database;
use crate::error::within;
use crate::signals::Signal;

const CHANNEL: &str = "smartsight";
const JOB: &str = "job";
/// Signals told in one statement.
const AT_ONCE: usize = 200;
/// Before a connection that was lost is made again.
const PAUSE: Duration = Duration::from_secs(1);

impl Database {
    /// Tells other processes of what is committed here, and hears of what is committed there, for
    /// ever. Returns at once where there are no other processes, and when it is called again.
    pub async fn connect_signals(&self) {
        if self.is_sqlite() {
            return;
        }
        let Some(out) = self.signals().carry() else {
            return;
        };
        let (tell, hear) = (std::pin::pin!(self.tell(out)), std::pin::pin!(self.hear()));
        match select(tell, hear).await {
            Either::Left(_) | Either::Right(_) => {}
        }
    }

    async fn tell(&self, mut out: mpsc::Receiver<Signal>) {
        let mut batch = Vec::new();
        while out.recv_many(&mut batch, AT_ONCE).await > 0 {
            let signals: HashSet<Signal> = batch.drain(..).collect();
            if let Err(error) = self.notify(&signals).await {
                tracing::debug!(
                    error = &error as &dyn std::error::Error,
                    "other processes will see by themselves"
                );
            }
        }
    }

    async fn notify(&self, signals: &HashSet<Signal>) -> PortResult<()> {
        let words: Vec<_> = signals.iter().map(|signal| word(*signal)).collect();
        let sql = "SELECT pg_notify($1, word) FROM unnest(string_to_array($2, ' ')) AS word";
        let values = [CHANNEL.into(), words.join(" ").into()];
        let notify = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
        within("tell other processes", self.reader().query_all_raw(notify))
            .await
            .map(drop)
    }

    async fn hear(&self) {
        loop {
            if let Err(error) = self.hear_until_lost().await {
                tracing::debug!(
                    error = &error as &dyn std::error::Error,
                    "other processes are not heard"
                );
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn hear_until_lost(&self) -> PortResult<()> {
        let lost = |error| PortError::new(Fault::Unavailable, "hear other processes", error);
        let pool = self.reader().get_postgres_connection_pool();
        let mut listener = PgListener::connect_with(pool).await.map_err(lost)?;
        listener.listen(CHANNEL).await.map_err(lost)?;
        loop {
            // Something may have been told while nobody listened.
            self.signals().ring_all();
            while let Some(told) = listener.try_recv().await.map_err(lost)? {
                if let Some(signal) = read(told.payload()) {
                    self.signals().ring(signal);
                }
            }
        }
    }
}

fn word(signal: Signal) -> String {
    match signal {
        Signal::Job => JOB.to_owned(),
        Signal::User(user) => user.to_string(),
    }
}

/// What this build does not know is of another one.
fn read(word: &str) -> Option<Signal> {
    match word {
        JOB => Some(Signal::Job),
        user => user.parse().ok().map(Signal::User),
    }
}
