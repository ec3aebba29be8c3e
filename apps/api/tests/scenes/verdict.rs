//! What must be true once everything is back.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::load::{PAGES_EACH, STUDENTS, Student};
use crate::harness::{Client, Server, eventually};

/// Every page answered with 200 has one event and one object, there is nothing more, and the
/// study times are those that follow from the events alone.
pub(crate) async fn nothing_is_lost_or_doubled(server: Server, students: &[Student]) {
    assert_eq!(students.len(), STUDENTS);
    eventually(async || nothing_waits(&server).then_some(())).await;
    for student in students {
        one_event_a_page(&server.client(&student.name), student).await;
    }
    one_object_a_page(&server, students);
    let times = study_times(&server, students).await;
    let server = with_rebuilt_times(server).await;
    assert_eq!(study_times(&server, students).await, times);
}

fn nothing_waits(server: &Server) -> bool {
    let spool = server.folder().join("data/spool");
    server.journal_is_empty() && files_below(&spool).is_empty()
}

/// Another server on the same stores, after all study times were derived from the log again.
async fn with_rebuilt_times(server: Server) -> Server {
    let (setup, folder) = server.stop();
    let rebuilt = setup.command(folder.path()).arg("rebuild").output();
    let rebuilt = rebuilt.unwrap();
    let said = String::from_utf8_lossy(&rebuilt.stderr);
    assert!(rebuilt.status.success(), "{said}");
    setup.start().await
}

async fn one_event_a_page(client: &Client, student: &Student) {
    assert_eq!(student.pages.len(), PAGES_EACH);
    let mut events = BTreeMap::new();
    for event in events_of(client, &student.session).await {
        let twice = events.insert(text(&event["s3Key"]), text(&event["analysisId"]));
        assert_eq!(twice, None, "two events of one image: {event}");
    }
    assert_eq!(events.len(), PAGES_EACH, "{}: {events:?}", student.name);
    for page in &student.pages {
        let event = &events[&text(&page.answer["s3Key"])];
        let told = page.answer["analysisId"].as_str();
        assert!(told.is_none_or(|told| told == event), "{}", page.answer);
    }
}

async fn events_of(client: &Client, session: &str) -> Vec<Value> {
    let answer = client
        .get(&format!("/api/session/{session}/events?limit=200"))
        .await;
    answer.data()["items"].as_array().unwrap().clone()
}

fn one_object_a_page(server: &Server, students: &[Student]) {
    let mut stored = BTreeSet::new();
    let pages = students.iter().flat_map(|student| &student.pages);
    for page in pages {
        let key = text(&page.answer["s3Key"]);
        let path = object(server, &key);
        let content = std::fs::read(&path);
        let content = content.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(content == page.file, "{key} holds something else");
        assert!(stored.insert(path), "two pages are kept as {key}");
    }
    let bucket = server.bucket_folder().unwrap();
    let lie_there = files_below(&bucket);
    let more: Vec<_> = lie_there.difference(&stored).collect();
    assert!(more.is_empty(), "objects nobody was told of: {more:?}");
}

fn object(server: &Server, key: &str) -> PathBuf {
    server.bucket_folder().unwrap().join("smartsight").join(key)
}

fn files_below(folder: &Path) -> BTreeSet<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let below = |path: PathBuf| match path {
        path if path.is_dir() => files_below(&path),
        path => BTreeSet::from([path]),
    };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.flat_map(below).collect()
}

/// Of ended sessions: that of one going on grows.
async fn study_times(server: &Server, students: &[Student]) -> Vec<Value> {
    let mut times = Vec::new();
    for student in students {
        let client = server.client(&student.name);
        let session = &student.session;
        client
            .post(&format!("/api/session/{session}/end"), json!({}))
            .await;
        let path = format!("/api/session/{session}/topic-stats");
        let stats = client.get(&path).await.data().clone();
        assert!(!stats["topics"].as_array().unwrap().is_empty(), "{stats}");
        times.push(stats);
    }
    times
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
