//! Whatever comes with an idempotency key is carried out once, though the server is killed at any
//! moment and the same request comes again.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use testkit::sim::{Script, Simulator, Step};
use tokio::task::JoinSet;

use super::chance::Chance;
use super::insist::{Insistent, Server, Told};
use super::uploads::free_address;
use crate::harness::{self, Setup, eventually, page};

const PEOPLE: usize = 6;
const ROUNDS: usize = 15;
const LEAST_KILLS: usize = 10;

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_with_a_key_is_done_once_however_often_the_server_is_killed() {
    let mut chance = Chance::of_the_run();
    let model = Simulator::start().await;
    model.script(Script::new().always(Step::sample()));
    let mut server = Setup::embedded(model.base_url().as_ref())
        .with("SMARTSIGHT_LISTEN", &free_address())
        .with("RATE_LIMIT_REQUESTS_PER_MIN", "0")
        .with("RATE_LIMIT_ADDRESS_PER_MIN", "0")
        .start()
        .await;
    let mut people = JoinSet::new();
    for number in 0..PEOPLE {
        let analysis = analysis_of(&server, &name(number)).await;
        let who = (server.base.as_str(), name(number));
        let chance = chance.of(number as u64);
        let person = Insistent::new(who, Server::Falls, chance, &Told::default());
        people.spawn(study(person, analysis));
    }
    let mut kills = 0;
    while !people.is_empty() {
        let run = Duration::from_millis(50 + chance.below(400));
        tokio::time::sleep(run).await;
        server = server.kill_and_restart().await;
        kills += 1;
        while let Some(studied) = people.try_join_next() {
            studied.unwrap();
        }
    }
    assert!(kills >= LEAST_KILLS, "{kills} kills");
    assert_eq!(logged(&server), expected());
}

fn name(number: usize) -> String {
    format!("person-{number}")
}

/// Something to bookmark.
async fn analysis_of(server: &harness::Server, name: &str) -> String {
    let client = server.client(name);
    let session = client.start_session().await;
    client.upload(page(), "p.jpg", Some(&session)).await.data();
    let path = format!("/api/session/{session}/events");
    let event = eventually(async || client.get(&path).await.data()["items"].get(0).cloned());
    let event: Value = event.await;
    event["analysisId"].as_str().unwrap().to_owned()
}

/// One request of each kind a round, every one of which leaves one entry in the log.
async fn study(mut person: Insistent, analysis: String) {
    for round in 0..ROUNDS {
        let key = |what: &str| format!("{what}-{round}");
        let start = |person: &Insistent| person.post("/api/session/start").json(&json!({}));
        person.insist(&key("start"), start).await;
        let help = |person: &Insistent| {
            person
                .post("/api/help-count")
                .json(&json!({"topic": "Bio"}))
        };
        person.insist(&key("help"), help).await;
        let add = json!({"analysisId": analysis, "note": "n"});
        let add = |person: &Insistent| person.post("/api/bookmark").json(&add);
        let bookmark = person.insist(&key("add"), add).await;
        let path = format!("/api/bookmark/{}", bookmark["bookmarkId"].as_str().unwrap());
        let edit = |person: &Insistent| {
            let request = person.request(Method::PATCH, &path);
            request.json(&json!({"note": format!("note {round}")}))
        };
        person.insist(&key("edit"), edit).await;
        let remove = |person: &Insistent| person.request(Method::DELETE, &path);
        person.insist(&key("remove"), remove).await;
        let rename = |person: &Insistent| {
            let request = person.request(Method::PATCH, "/api/user/profile");
            request.json(&json!({"name": format!("name {round}")}))
        };
        person.insist(&key("rename"), rename).await;
    }
}

/// How often each kind of change is in the log.
type Changes = BTreeMap<String, usize>;

fn expected() -> Changes {
    let all = PEOPLE * ROUNDS;
    let changes = [
        ("bookmark.added", all),
        ("bookmark.edited", all),
        ("bookmark.removed", all),
        ("help.counted", all),
        ("learning_event.recorded", PEOPLE),
        ("profile.changed", all),
        ("session.started", all + PEOPLE),
    ];
    changes.map(|(name, count)| (name.to_owned(), count)).into()
}

fn logged(server: &harness::Server) -> Changes {
    const SCRIPT: &str = "import sqlite3, sys, json\n\
        connection = sqlite3.connect(sys.argv[1], timeout=30)\n\
        rows = connection.execute('SELECT name, COUNT(*) FROM ledger_entries GROUP BY name')\n\
        print(json.dumps(dict(rows.fetchall())))\n";
    let database = server.folder().join("data/smartsight.db");
    let mut python = Command::new("python3");
    let output = python.args(["-c", SCRIPT]).arg(database).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}
