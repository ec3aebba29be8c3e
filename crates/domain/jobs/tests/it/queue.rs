//! A queue that gives what it is told to give and writes down what it is told.

use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use jobs::{
    Ask, Bell, Claimed, Job, JobQueue, JobState, Kind, Lease, Percent, Settled, Settlement,
};
use kernel::{PortResult, Task, Tasks, Timer, Timestamp};
use serde_json::json;
use uuid::Uuid;

/// What a worker said.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Said {
    Settled(Settlement),
    Released(Lease),
    Reported(u8),
}

#[derive(Default)]
pub(crate) struct ScriptedQueue {
    due: Mutex<Vec<(Kind, u32)>>,
    pub(crate) said: Mutex<Vec<Said>>,
    pub(crate) renewals: Mutex<Vec<usize>>,
    pub(crate) most_claimed: Mutex<usize>,
    given: Mutex<u128>,
}

impl ScriptedQueue {
    /// Has a job of this kind, to be begun for this time.
    pub(crate) fn with(self, kind: &str, attempt: u32) -> Self {
        self.due.lock().unwrap().push((Kind::new(kind), attempt));
        self
    }

    fn next(&self, holder: Uuid) -> Option<Claimed> {
        let (kind, attempt) = self.due.lock().unwrap().pop()?;
        let mut given = self.given.lock().unwrap();
        *given += 256;
        let job = Job {
            id: Uuid::from_u128(*given).into(),
            kind,
            owner: None,
            payload: json!({}),
            accepted_at: Timestamp::UNIX_EPOCH,
            attempts: attempt,
            progress: Percent::default(),
            state: JobState::Running,
            trace: None,
        };
        let lease = Lease {
            job: job.id,
            holder,
            attempt,
        };
        Some(Claimed { job, lease })
    }

    fn say(&self, said: Said) {
        self.said.lock().unwrap().push(said);
    }
}

#[async_trait]
impl JobQueue for ScriptedQueue {
    async fn claim(&self, ask: &Ask<'_>) -> PortResult<Vec<Claimed>> {
        let claimed: Vec<_> = (0..ask.limit)
            .map_while(|_| self.next(ask.holder))
            .collect();
        let mut most = self.most_claimed.lock().unwrap();
        *most = claimed.len().max(*most);
        Ok(claimed)
    }

    async fn renew(&self, leases: &[Lease], _: Timestamp) -> PortResult<()> {
        self.renewals.lock().unwrap().push(leases.len());
        Ok(())
    }

    async fn report(&self, _: Lease, progress: Percent) -> PortResult<()> {
        self.say(Said::Reported(progress.number()));
        Ok(())
    }

    async fn settle(&self, settlement: &Settlement) -> PortResult<Settled> {
        self.say(Said::Settled(settlement.clone()));
        Ok(Settled::Counted)
    }

    async fn release(&self, lease: Lease, _: Timestamp) -> PortResult<()> {
        self.say(Said::Released(lease));
        Ok(())
    }

    async fn abandon(&self, _: Uuid, _: Timestamp) -> PortResult<u64> {
        Ok(0)
    }
}

/// Never rings.
pub(crate) struct Silence;

#[async_trait]
impl Bell for Silence {
    async fn rung(&self) {
        std::future::pending::<()>().await;
    }
}

pub(crate) struct TokioTasks;

impl Tasks for TokioTasks {
    fn spawn(&self, _: &'static str, task: Task) {
        tokio::spawn(task);
    }
}

pub(crate) struct TokioTimer;

#[async_trait]
impl Timer for TokioTimer {
    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}
