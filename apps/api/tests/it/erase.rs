//! Of an erased user nothing is left anywhere, and of the others everything.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Client, Model, Server, Setup, Tokens, eventually, everywhere, page};

const ADA: &str = "ada@example.org";

everywhere! {
    nothing_of_an_erased_user_is_left_and_another_keeps_everything,
    an_export_holds_what_was_stored,
    uploads_under_way_leave_nothing,
}

/// What somebody does in a day; gives the session.
async fn studies(client: &Client) -> String {
    let uploaded = client.upload(page(), "p.jpg", None).await.data().clone();
    let session = uploaded["sessionId"].as_str().unwrap().to_owned();
    client.upload(page(), "p.jpg", Some(&session)).await.data();
    let mark = json!({ "analysisId": uploaded["analysisId"], "note": "exam" });
    client.post("/api/bookmark", mark).await.data();
    client
        .post("/api/help-count", json!({ "topic": "Bio" }))
        .await
        .data();
    let name = json!({ "name": "somebody" });
    let profile = client
        .request(Method::PATCH, "/api/user/profile")
        .json(&name);
    client
        .send(profile.header("Idempotency-Key", "k"))
        .await
        .data();
    client
        .post(&format!("/api/session/{session}/end"), json!({}))
        .await
        .data();
    session
}

async fn with_model(setup: Setup) -> (Model, Server) {
    let model = Model::start().await;
    model.says("Biology", "Cells", "text of a page");
    let setup = setup
        .with("OPENAI_BASE_URL", &model.url())
        .with("OPENAI_API_KEY", "test-key")
        .with("VISION_MODEL", "gpt-test");
    (model, setup.start().await)
}

async fn member(server: &Server, email: &str) -> (Client, String, Tokens) {
    let stranger = server.stranger();
    let tokens = stranger.register(email).await;
    let client = stranger.bearing(&tokens.access);
    let me = client.get("/api/auth/me").await.data().clone();
    (client, me["userId"].as_str().unwrap().to_owned(), tokens)
}

async fn all_of(client: &Client, session: &str) -> Vec<Value> {
    let mut all = Vec::new();
    for path in [
        "/api/session",
        "/api/bookmark",
        "/api/topic",
        "/api/help-count",
        "/api/user/profile",
        &format!("/api/session/{session}/topic-stats"),
    ] {
        all.push(client.get(path).await.data().clone());
    }
    all
}

async fn nothing_of_an_erased_user_is_left_and_another_keeps_everything(setup: Setup) {
    let (_model, server) = with_model(setup).await;
    let (ada, id, tokens) = member(&server, ADA).await;
    let (bob, bobs_id, _) = member(&server, "bob@example.org").await;
    studies(&ada).await;
    let session = studies(&bob).await;
    let before = all_of(&bob, &session).await;
    assert!(!naming(&server, &id).is_empty() && !naming(&server, ADA).is_empty());

    let receipt = ada.delete("/api/v1/user").await.data().clone();
    assert_eq!(receipt["objects"]["count"], 2);
    assert_eq!(receipt["rows"]["learning_events"], 2);
    assert_eq!(ada.get("/api/session").await.error().0, 401);
    let refreshed = server.stranger().refresh(&tokens.refresh).await;
    assert_eq!(refreshed.error().0, 401);

    assert_eq!(naming(&server, &id), [] as [String; 0]);
    assert_eq!(naming(&server, ADA), [] as [String; 0]);
    assert!(!naming(&server, &bobs_id).is_empty());
    assert_eq!(all_of(&bob, &session).await, before);
    let (_, again, _) = member(&server, ADA).await;
    assert_ne!(again, id);
}

async fn an_export_holds_what_was_stored(setup: Setup) {
    let (_model, server) = with_model(setup).await;
    let (ada, id, _) = member(&server, ADA).await;
    studies(&ada).await;
    let answer = ada
        .request(Method::GET, "/api/v1/user/export")
        .send()
        .await
        .unwrap();
    let zip = answer.error_for_status().unwrap().bytes().await.unwrap();
    let file = server.folder().join("export.zip");
    std::fs::write(&file, zip).unwrap();
    let read = read_zip(&file);
    let manifest = &read["manifest"];
    assert_eq!(
        (&manifest["version"], &manifest["userId"]),
        (&json!(1), &json!(id))
    );
    assert_eq!(manifest["images"]["count"], 2);
    assert_eq!(manifest["missingImages"], json!([]));
    for (kind, counted) in manifest["kinds"].as_object().unwrap() {
        assert_eq!(counted["count"], read["lines"][kind], "{kind}");
    }
    for (kind, count) in [
        ("events", 2),
        ("bookmarks", 1),
        ("sessions", 1),
        ("account", 1),
    ] {
        assert_eq!(read["lines"][kind], count, "{kind}");
    }
    assert_eq!(read["images"], json!([page().len(), page().len()]));
}

/// The model has the images and thinks while everything is erased.
async fn uploads_under_way_leave_nothing(setup: Setup) {
    let (model, server) = with_model(setup).await;
    let (ada, id, _) = member(&server, ADA).await;
    studies(&ada).await;
    let asked = model.calls();
    model.thinks(Duration::from_secs(3));
    let uploads = (0..4).map(|_| {
        let ada = ada.clone();
        tokio::spawn(async move { ada.upload(page(), "p.jpg", None).await })
    });
    let uploads: Vec<_> = uploads.collect();
    eventually(async || (model.calls() == asked + 4).then_some(())).await;
    ada.delete("/api/v1/user").await.data();
    for upload in uploads {
        assert_eq!(upload.await.unwrap().error().0, 401);
    }
    // What the journal took in the last moment goes with its next replay.
    eventually(async || naming(&server, &id).is_empty().then_some(())).await;
}

#[tokio::test]
async fn an_operator_hands_out_and_erases_with_the_server_stopped() {
    let model = Model::start().await;
    model.says("Biology", "", "x");
    let server = Setup::embedded(&model.url()).start().await;
    studies(&server.client("ada")).await;
    let (setup, folder) = server.stop();
    let run = |words: &[&str]| setup.command(folder.path()).args(words).output().unwrap();

    let zip = folder.path().join("ada.zip");
    let exported = run(&["export", "ada", "--out", zip.to_str().unwrap()]);
    assert!(exported.status.success(), "{exported:?}");
    assert_eq!(read_zip(&zip)["manifest"]["images"]["count"], 2);
    let unsure = run(&["erase", "ada"]);
    assert!(!unsure.status.success());
    let erased = run(&["erase", "ada", "--yes"]);
    let receipt: Value = serde_json::from_slice(&erased.stdout).unwrap();
    assert_eq!(receipt["objects"]["count"], 2);
    let again = run(&["erase", "ada", "--yes"]);
    let receipt: Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!(receipt["objects"]["count"], 0);
}

/// What Python finds in the zip: the manifest, lines by kind, sizes of images.
fn read_zip(file: &Path) -> Value {
    const SCRIPT: &str = "import json, sys, zipfile\n\
        z = zipfile.ZipFile(sys.argv[1])\n\
        assert z.testzip() is None\n\
        lines = {n[:-6]: [json.loads(l) for l in z.read(n).splitlines()]\n\
        \x20   for n in z.namelist() if n.endswith('.jsonl')}\n\
        print(json.dumps({'manifest': json.loads(z.read('manifest.json')),\n\
        \x20   'lines': {k: len(v) for k, v in lines.items()},\n\
        \x20   'images': [i.file_size for i in z.infolist() if i.filename.startswith('images/')]}))";
    let output = Command::new("python3")
        .args(["-c", SCRIPT])
        .arg(file)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Where this text stands: rows of any table, names and contents of files of the data folder and
/// of the bucket. The log is not among them.
fn naming(server: &Server, text: &str) -> Vec<String> {
    let mut found: Vec<String> = dump(server)
        .lines()
        .map(str::to_lowercase)
        .filter(|row| row.contains(text) || row.contains(&text.replace('-', "")))
        .collect();
    let mut folders = server.data_folders();
    folders.extend(server.bucket_folder());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().contains(text) || holds(&path, text) {
                found.push(path.display().to_string());
            }
        }
    }
    found
}

fn holds(path: &Path, text: &str) -> bool {
    let content = std::fs::read(path).unwrap();
    content
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

/// Every row of every table as text; bytes in hexadecimal.
fn dump(server: &Server) -> String {
    const SQLITE: &str = "import sqlite3, sys\n\
        c = sqlite3.connect('file:' + sys.argv[1] + '?mode=ro', uri=True)\n\
        for (t,) in c.execute(\"SELECT name FROM sqlite_master WHERE type='table'\").fetchall():\n\
        \x20   for row in c.execute('SELECT * FROM \"%s\"' % t):\n\
        \x20       print(t, *[v.hex() if isinstance(v, bytes) else repr(v) for v in row])";
    let output = match server.database_url() {
        Some(url) => Command::new("pg_dump")
            .args(["--data-only", "--inserts", &url])
            .output(),
        None => Command::new("python3")
            .args(["-c", SQLITE])
            .arg(server.folder().join("data/smartsight.db"))
            .output(),
    };
    let output = output.unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}
