//! What a worker does with jobs.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use jobs::{
    Failure, Handler, Handlers, Job, Kind, Percent, Reason, Reporter, Verdict, Worker, WorkerPorts,
    WorkerRules,
};
use serde_json::{Value, json};
use testkit::FixedClock;
use uuid::Uuid;

use crate::queue::{Said, ScriptedQueue, Silence, TokioTasks, TokioTimer};

/// Does what its name says.
struct Acts(&'static str);

#[async_trait]
impl Handler for Acts {
    fn kind(&self) -> Kind {
        Kind::new(self.0)
    }

    fn limit(&self) -> Duration {
        Duration::from_mins(2)
    }

    async fn run(&self, _: &Job, reporter: &Reporter) -> Result<Value, Failure> {
        match self.0 {
            "succeeds" => {
                reporter.report(Percent::new(50)).await;
                Ok(json!("done"))
            }
            "fails" => Err(Failure::passing(Reason::new("away", ""))),
            "fails for good" => Err(Failure::lasting(Reason::new("bad", ""))),
            "panics" => panic!("as its name says"),
            "takes 59 seconds" => {
                tokio::time::sleep(Duration::from_secs(59)).await;
                Ok(json!("at last"))
            }
            _ => std::future::pending().await,
        }
    }
}

const ACTS: [&str; 6] = [
    "succeeds",
    "fails",
    "fails for good",
    "panics",
    "takes 59 seconds",
    "hangs",
];

/// What is said by a worker that is stopped after so long.
async fn worked(queue: ScriptedQueue, stop_after: Duration) -> Arc<ScriptedQueue> {
    let queue = Arc::new(queue);
    let ports = WorkerPorts {
        queue: queue.clone(),
        handlers: ACTS
            .into_iter()
            .fold(Handlers::default(), |all, name| all.with(Acts(name))),
        bell: Arc::new(Silence),
        clock: Arc::new(FixedClock::at("2026-03-01T10:00:00Z")),
        timer: Arc::new(TokioTimer),
        tasks: Arc::new(TokioTasks),
    };
    let stop: BoxFuture<'static, ()> = Box::pin(tokio::time::sleep(stop_after));
    let worker = Worker::new(ports, WorkerRules::default(), Uuid::from_u128(1));
    worker.run(stop.shared()).await;
    queue
}

/// What is said of one job.
async fn said(kind: &str, attempt: u32, stop_after: Duration) -> Vec<Said> {
    let queue = ScriptedQueue::default().with(kind, attempt);
    let worked = worked(queue, stop_after).await;
    let said = worked.said.lock().unwrap();
    said.clone()
}

const LONG: Duration = Duration::from_mins(10);

/// The code a job of this kind fails with, and whether it is to be tried again.
async fn failure(kind: &str, attempt: u32) -> (String, bool) {
    let said = said(kind, attempt, LONG).await;
    let [Said::Settled(settlement)] = said.as_slice() else {
        panic!("one settlement: {said:?}")
    };
    match &settlement.verdict {
        Verdict::Failed(reason) => (reason.code.clone(), false),
        Verdict::Again { at, reason } => {
            assert!(*at > settlement.at);
            (reason.code.clone(), true)
        }
        Verdict::Done(result) => panic!("{result}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_job_is_carried_out_with_progress_and_its_result_told() {
    let said = said("succeeds", 1, LONG).await;
    let [Said::Reported(50), Said::Settled(settlement)] = said.as_slice() else {
        panic!("{said:?}")
    };
    assert_eq!(settlement.verdict, Verdict::Done(json!("done")));
}

#[tokio::test(start_paused = true)]
async fn what_failed_is_tried_again_until_the_last_attempt() {
    assert_eq!(failure("fails", 1).await, ("away".to_owned(), true));
    assert_eq!(failure("fails", 8).await, ("away".to_owned(), false));
    assert_eq!(
        failure("fails for good", 1).await,
        ("bad".to_owned(), false)
    );
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_panics_or_hangs_fails_the_attempt_and_nothing_else() {
    assert_eq!(failure("panics", 1).await, ("panicked".to_owned(), true));
    assert_eq!(failure("hangs", 1).await, ("too_long".to_owned(), true));
}

#[tokio::test(start_paused = true)]
async fn a_job_that_workers_die_over_is_given_up() {
    let lost = ("worker_lost".to_owned(), false);
    assert_eq!(failure("succeeds", 9).await, lost);
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_stops_ends_what_it_can_and_gives_the_rest_back() {
    let second = Duration::from_secs(1);
    let released = said("hangs", 1, second).await;
    assert!(
        matches!(released.as_slice(), [Said::Released(_)]),
        "{released:?}"
    );
    let ended = said("takes 59 seconds", 1, Duration::from_secs(55)).await;
    assert!(matches!(ended.as_slice(), [Said::Settled(_)]), "{ended:?}");
}

#[tokio::test(start_paused = true)]
async fn leases_are_renewed_while_jobs_run() {
    let queue = ScriptedQueue::default().with("takes 59 seconds", 1);
    let worked = worked(queue, LONG).await;
    let renewals = worked.renewals.lock().unwrap();
    assert_eq!(*renewals, [1; 5], "every ten seconds");
}

#[tokio::test(start_paused = true)]
async fn no_more_jobs_are_claimed_than_there_are_hands() {
    let queue = (0..20).fold(ScriptedQueue::default(), |queue, _| {
        queue.with("takes 59 seconds", 1)
    });
    let worked = worked(queue, LONG).await;
    assert_eq!(worked.said.lock().unwrap().len(), 20);
    assert_eq!(*worked.most_claimed.lock().unwrap(), 4);
    assert!(
        worked
            .renewals
            .lock()
            .unwrap()
            .iter()
            .all(|held| *held <= 4)
    );
}
