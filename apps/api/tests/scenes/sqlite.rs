//! SQLite under a server that is killed while it writes.

use std::process::Command;
use std::sync::Arc;

use reqwest::Client;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::chance::Chance;
use super::uploads::free_address;
use crate::harness::{Server, Setup};

const ROUNDS: usize = 100;
const WRITERS: u64 = 4;

/// The starts of sessions: each acknowledged one is a row and an entry of the log.
#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_kills_leave_the_file_whole_and_every_acknowledged_write_in_it() {
    let mut chance = Chance::of_the_run();
    let mut server = Setup::embedded("http://127.0.0.1:9/v1")
        .with("SMARTSIGHT_LISTEN", &free_address())
        .with("RATE_LIMIT_REQUESTS_PER_MIN", "0")
        .with("RATE_LIMIT_ADDRESS_PER_MIN", "0")
        .start()
        .await;
    let mut acknowledged = Vec::new();
    for round in 0..ROUNDS {
        let (count, mut answered) = watch::channel(0);
        let count = Arc::new(count);
        let writers: JoinSet<_> = (0..WRITERS)
            .map(|writer| write(server.base.clone(), writer, Arc::clone(&count)))
            .collect();
        let enough = 1 + chance.below(8);
        answered.wait_for(|count| *count >= enough).await.unwrap();
        server = server.kill_and_restart().await;
        // A connection that broke between two requests may have been made anew.
        drop(answered);
        acknowledged.extend(writers.join_all().await.into_iter().flatten());
        // Damage stays: looking now and then finds it too.
        if round % 10 == 9 {
            assert_eq!(integrity(&server), "ok", "round {round}");
        }
    }
    assert!(acknowledged.len() >= ROUNDS, "{}", acknowledged.len());
    all_are_there(&server, acknowledged).await;
}

/// The sessions that were answered with 200 until the server fell or nobody counts any more.
async fn write(base: String, writer: u64, count: Arc<watch::Sender<u64>>) -> Vec<(u64, String)> {
    let http = Client::builder().no_proxy().build().unwrap();
    let mut started = Vec::new();
    loop {
        let request = http.post(format!("{base}/api/session/start"));
        let request = request.header("X-User-Id", user(writer)).json(&json!({}));
        let answer = async { request.send().await?.json::<Value>().await };
        let Ok(answer) = answer.await else {
            return started;
        };
        // The one after it starts.
        if answer["error"]["code"] == "NOT_READY" {
            return started;
        }
        let id = answer["data"]["sessionId"].as_str().unwrap();
        started.push((writer, id.to_owned()));
        if count.is_closed() {
            return started;
        }
        count.send_modify(|count| *count += 1);
    }
}

async fn all_are_there(server: &Server, acknowledged: Vec<(u64, String)>) {
    for (writer, session) in acknowledged {
        let client = server.client(&user(writer));
        let answer = client.get(&format!("/api/session/{session}")).await;
        assert_eq!(answer.data()["sessionId"], session.as_str());
    }
}

fn user(writer: u64) -> String {
    format!("writer-{writer}")
}

fn integrity(server: &Server) -> String {
    const SCRIPT: &str = "import sqlite3, sys\n\
        connection = sqlite3.connect(sys.argv[1], timeout=30)\n\
        print(connection.execute('PRAGMA integrity_check').fetchone()[0])\n";
    let mut python = Command::new("python3");
    let database = server.folder().join("data/smartsight.db");
    let output = python.args(["-c", SCRIPT]).arg(database).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
