//! What the operator's page says of backups, done: the same answers from what was brought back.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use testkit::s3_server::S3Server;

use crate::harness::{Client, Model, Server, Setup, page};

/// What an operator runs; Python has SQLite where its own program is not installed.
const VACUUM: &str = "import sqlite3, sys\n\
    sqlite3.connect(sys.argv[1]).execute('VACUUM INTO ?', [sys.argv[2]])\n";
/// What is copied before the database, so that nothing that waits is missed on its way into it.
const WAITING: [&str; 5] = ["keys", "journal", "charges", "spool", "recordings"];

/// Two photos of a session, and what the server then tells of it.
async fn studied(client: &Client) -> Vec<Value> {
    let session = client.start_session().await;
    for _ in 0..2 {
        let photo = client.upload(page(), "p.jpg", Some(&session)).await;
        photo.data();
    }
    // What is going on would be longer the next time it is asked for.
    let end = format!("/api/v1/session/{session}/end");
    client.post(&end, serde_json::json!({})).await.data();
    told(client).await
}

/// Everything that is told of the student.
async fn told(client: &Client) -> Vec<Value> {
    let sessions = client.get("/api/v1/session").await.data().clone();
    let session = sessions["items"][0]["sessionId"].as_str().unwrap();
    let stats = format!("/api/v1/session/{session}/topic-stats");
    let events = format!("/api/v1/session/{session}/events");
    let [stats, events] = [client.get(&stats).await, client.get(&events).await];
    assert_eq!(events.data()["items"].as_array().unwrap().len(), 2);
    vec![sessions, stats.data().clone(), events.data().clone()]
}

/// The images of these answers are there, to models and behind links.
async fn pictures_are_there(client: &Client, told: &[Value]) {
    for event in told[2]["items"].as_array().unwrap() {
        let stored = serde_json::json!({ "s3Key": event["s3Key"] });
        let again = client.post("/api/v1/analyze", stored).await;
        let link = again.data()["s3Url"].as_str().unwrap();
        let image = reqwest::get(link).await.unwrap();
        assert_eq!(image.bytes().await.unwrap(), page());
    }
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    run(Command::new("cp").arg("-a").arg(from).arg(to));
}

/// A program of Postgres, wherever the newest one is.
fn postgres(program: &str) -> Command {
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten();
    let folders = versions.flatten().map(|version| version.path().join("bin"));
    let mut there: Vec<PathBuf> = folders.map(|bin| bin.join(program)).collect();
    there.retain(|path| path.is_file());
    there.sort();
    Command::new(there.pop().unwrap_or_else(|| program.into()))
}

#[tokio::test]
async fn an_embedded_server_comes_back_from_a_copy_made_while_it_ran() {
    let model = Model::start().await;
    model.says("Biology", "", "x");
    let setup = Setup::embedded(&model.url());
    let server = setup.start().await;
    let before = studied(&server.client("ada")).await;
    let (data, kept) = (server.folder().join("data"), tempfile::tempdir().unwrap());
    for folder in WAITING {
        copy(&data.join(folder), kept.path());
    }
    let mut vacuum = Command::new("python3");
    vacuum.args(["-c", VACUUM]).arg(data.join("smartsight.db"));
    run(vacuum.arg(kept.path().join("smartsight.db")));
    copy(&data.join("objects"), kept.path());
    // What comes after the copy is not in it.
    studied(&server.client("bob")).await;
    drop(server);

    let restored = Server::on_data(setup, kept.path()).await;
    assert_eq!(told(&restored.client("ada")).await, before);
    let bob = restored.client("bob").get("/api/v1/session").await;
    assert!(bob.data()["items"].as_array().unwrap().is_empty());
    pictures_are_there(&restored.client("ada"), &before).await;
    studied(&restored.client("bob")).await;
}

#[tokio::test]
async fn a_server_on_postgres_and_s3_comes_back_from_a_dump_and_a_copy_of_the_bucket() {
    let model = Model::start().await;
    model.says("Biology", "", "x");
    let (setup, stores) = Setup::production(&model.url());
    let server = setup.start().await;
    let before = studied(&server.client("ada")).await;
    let kept = tempfile::tempdir().unwrap();
    let dump = kept.path().join("smartsight.dump");
    let mut dumping = postgres("pg_dump");
    dumping.args(["--format=custom", "--file"]).arg(&dump);
    run(dumping.arg(server.database_url().unwrap()));
    copy(&stores.s3.bucket_folder(), kept.path());
    drop((server, stores));

    let (database, s3) = (testkit::postgres::empty(), S3Server::start());
    let mut restoring = postgres("pg_restore");
    restoring.args(["--no-owner", "--exit-on-error", "--dbname"]);
    run(restoring.arg(database.url()).arg(&dump));
    let bucket = kept.path().join(S3Server::BUCKET);
    copy(&bucket, s3.bucket_folder().parent().unwrap());
    let restored = Setup::embedded(&model.url()).on(database.url(), &s3);
    let restored = restored.start().await;
    assert_eq!(told(&restored.client("ada")).await, before);
    pictures_are_there(&restored.client("ada"), &before).await;
    studied(&restored.client("bob")).await;
}
