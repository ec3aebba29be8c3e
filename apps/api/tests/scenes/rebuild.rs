//! Numbers derived from the log while they are derived anew.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use serde_json::{Value, json};
use testkit::postgres::Cluster;
use testkit::s3_server::S3Server;
use testkit::sim::{Script, Simulator, Step};
use tokio::task::JoinHandle;

use crate::harness::{Client, Server, Setup, page};

const REBUILDS: usize = 5;
/// Requests for help before the first one, so that it takes a while.
const BEFORE: u64 = 200;

#[tokio::test(flavor = "multi_thread")]
async fn reads_are_right_and_writes_are_counted_during_a_rebuild_on_sqlite() {
    numbers_stay_right(|setup| setup).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_are_right_and_writes_are_counted_during_a_rebuild_on_postgres() {
    let (postgres, s3) = (Cluster::start(), S3Server::start());
    numbers_stay_right(|setup| setup.on(&postgres.url(), &s3)).await;
}

async fn numbers_stay_right(on: impl FnOnce(Setup) -> Setup) {
    let model = Simulator::start().await;
    model.script(Script::new().always(Step::sample()));
    let setup = Setup::embedded(model.base_url().as_ref())
        .with("RATE_LIMIT_REQUESTS_PER_MIN", "0")
        .with("RATE_LIMIT_ADDRESS_PER_MIN", "0");
    let server = on(setup).start().await;
    let client = server.client("ada");
    let session = ended_session(&client).await;
    let times = study_times(&client, &session).await;
    let counted = Arc::new(Counted::default());
    for _ in 0..BEFORE {
        counted.one_more(&client).await;
    }
    let writes = writes(&client, &counted);
    let rebuilds = rebuilds(&server);
    while !rebuilds.is_finished() {
        counted.is_read_right(&client).await;
        assert_eq!(study_times(&client, &session).await, times);
    }
    rebuilds.await.unwrap();
    counted.over.store(true, Ordering::Relaxed);
    writes.await.unwrap();
    assert!(counted.answered.load(Ordering::Relaxed) > BEFORE);
    counted.is_read_right(&client).await;
    assert_eq!(study_times(&client, &session).await, times);
}

/// A session with study time in it that grows no more.
async fn ended_session(client: &Client) -> String {
    let session = client.start_session().await;
    for _ in 0..3 {
        client.upload(page(), "p.jpg", Some(&session)).await.data();
    }
    let path = format!("/api/session/{session}/end");
    client.post(&path, json!({})).await.data();
    session
}

async fn study_times(client: &Client, session: &str) -> Value {
    let path = format!("/api/session/{session}/topic-stats");
    client.get(&path).await.data().clone()
}

/// Requests for help of one user.
#[derive(Default)]
struct Counted {
    sent: AtomicU64,
    answered: AtomicU64,
    over: AtomicBool,
}

impl Counted {
    async fn one_more(&self, client: &Client) {
        self.sent.fetch_add(1, Ordering::Relaxed);
        let help = client.post("/api/help-count", json!({ "topic": "Bio" }));
        help.await.data();
        self.answered.fetch_add(1, Ordering::Relaxed);
    }

    /// What is read holds all that was answered before, and nothing that was not sent.
    async fn is_read_right(&self, client: &Client) {
        let least = self.answered.load(Ordering::Relaxed);
        let read = client.get("/api/help-count").await;
        let most = self.sent.load(Ordering::Relaxed);
        let rows = read.data()["items"].as_array().unwrap();
        let count: u64 = rows.iter().map(|row| row["count"].as_u64().unwrap()).sum();
        assert!((least..=most).contains(&count), "{least} {count} {most}");
    }
}

fn writes(client: &Client, counted: &Arc<Counted>) -> JoinHandle<()> {
    let (client, counted) = (client.clone(), Arc::clone(counted));
    tokio::spawn(async move {
        while !counted.over.load(Ordering::Relaxed) {
            counted.one_more(&client).await;
        }
    })
}

fn rebuilds(server: &Server) -> JoinHandle<()> {
    let mut command = server.command();
    command.arg("rebuild");
    tokio::task::spawn_blocking(move || {
        for _ in 0..REBUILDS {
            let done = command.output().unwrap();
            let said = String::from_utf8_lossy(&done.stderr);
            assert!(done.status.success(), "{said}");
        }
    })
}
