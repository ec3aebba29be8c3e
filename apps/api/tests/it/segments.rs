//! Segments: one client's whole flow, sent again and at once, byte for byte its contract.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::harness::{Client, Server, Setup, eventually, everywhere, page};

const PATH: &str = "/api/session/segment";
const SITTING: &str = "sess_eva_cleo_1739123456789";

everywhere! {
    a_sitting_of_three_images_is_kept_and_listed,
    of_a_hundred_calls_at_once_one_record_with_its_own_sound_is_left,
    an_erased_user_leaves_no_sound,
}

async fn member(server: &Server, email: &str) -> Client {
    let stranger = server.stranger();
    let tokens = stranger.register(email).await;
    stranger.bearing(&tokens.access)
}

/// A WAV file whose samples are this number.
fn wav(number: u8) -> Vec<u8> {
    let mut file = testkit::data::bytes("speech/jfk.wav")[..44].to_vec();
    file.extend([number; 4000]);
    file
}

fn segment(image: u32, signed_url: &str, sound: &[u8]) -> Value {
    json!({
        "sessionId": SITTING, "evaluatorId": "eva", "clientId": "cleo", "imageIndex": image,
        "signedUrl": signed_url, "audioBase64": STANDARD.encode(sound),
    })
}

/// Sends a segment and gives its id; the answer is the contract's, to the byte.
async fn send(client: &Client, body: &Value) -> String {
    let request = client.request(Method::POST, PATH).json(body);
    let answer = request.send().await.unwrap();
    let (status, text) = (answer.status(), answer.text().await.unwrap());
    assert_eq!(status, 200, "{text}");
    let id = serde_json::from_str::<Value>(&text).unwrap()["segmentId"].clone();
    let id = id.as_str().unwrap();
    assert_eq!(text, format!(r#"{{"ok":true,"segmentId":"{id}"}}"#));
    id.to_owned()
}

async fn listed(client: &Client) -> Value {
    let path = format!("/api/session/{SITTING}/segments");
    client.get(&path).await.data().clone()
}

async fn bytes(url: &Value) -> Vec<u8> {
    let answer = reqwest::get(url.as_str().unwrap()).await.unwrap();
    assert_eq!(answer.status(), 200, "{url}");
    answer.bytes().await.unwrap().to_vec()
}

/// How many sounds the store holds, whoever's they are.
fn sounds(server: &Server) -> usize {
    let in_folder = server.folder().join("data/objects/segments");
    let bucket = server.bucket_folder();
    let folder = bucket.map_or(in_folder, |bucket| bucket.join("smartsight/segments"));
    files_below(&folder).len()
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let below = |entry: std::fs::DirEntry| match entry.path() {
        path if path.is_dir() => files_below(&path),
        path => vec![path],
    };
    entries.flatten().flat_map(below).collect()
}

/// The evaluator uploads an image behind a link, which goes to the client and comes back.
async fn upload(evaluator: &Client) -> String {
    let wanted = json!({ "contentType": "image/jpeg", "size": page().len() });
    let link = evaluator
        .post("/api/v1/upload/presign", wanted)
        .await
        .data()
        .clone();
    let url = link["uploadUrl"].as_str().unwrap();
    let mut put = reqwest::Client::new().put(url).body(page());
    for (name, value) in link["headers"].as_object().unwrap() {
        put = put.header(name, value.as_str().unwrap());
    }
    let answer = put.send().await.unwrap();
    assert!(answer.status().is_success(), "{:?}", answer.text().await);
    url.to_owned()
}

async fn a_sitting_of_three_images_is_kept_and_listed(setup: Setup) {
    let server = setup.start().await;
    let evaluator = member(&server, "eva@example.org").await;
    let client = member(&server, "cleo@example.org").await;
    let sound = testkit::data::bytes("speech/jfk.m4a");
    let upload_link = upload(&evaluator).await;
    for (image, signed_url) in [
        (0, upload_link.as_str()),
        (2, "https://images.example/2.jpg"),
    ] {
        let body = segment(image, signed_url, &sound);
        let first = send(&client, &body).await;
        assert_eq!(send(&client, &body).await, first);
    }
    let listed = listed(&client).await;
    let missing = json!([{ "evaluatorId": "eva", "clientId": "cleo", "imageIndexes": [1] }]);
    assert_eq!(listed["missing"], missing);
    let items = listed["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    for item in items {
        assert_eq!(bytes(&item["audioUrl"]).await, sound);
        assert_eq!(item["audioContentType"], "audio/mp4");
    }
    let of = |image| {
        items
            .iter()
            .find(|item| item["imageIndex"] == image)
            .unwrap()
    };
    assert_eq!(bytes(&of(0)["imageUrl"]).await, page());
    assert_eq!(of(2)["imageUrl"], "https://images.example/2.jpg");
    assert_eq!(sounds(&server), 2);
    let nothing = client
        .request(Method::POST, PATH)
        .json(&json!({ "imageIndex": 1 }));
    let refused = nothing.send().await.unwrap();
    assert_eq!(refused.status(), 400);
    let words = r#"{"error":"signedUrl or audioBase64 required"}"#;
    assert_eq!(refused.text().await.unwrap(), words);
}

async fn of_a_hundred_calls_at_once_one_record_with_its_own_sound_is_left(setup: Setup) {
    let server = setup.start().await;
    let client = member(&server, "cleo@example.org").await;
    let mut calls = JoinSet::new();
    for number in 0..100 {
        let client = client.clone();
        calls.spawn(async move {
            let url = format!("https://images.example/{number}");
            send(&client, &segment(0, &url, &wav(number))).await
        });
    }
    let mut ids = calls.join_all().await;
    ids.dedup();
    assert_eq!(ids.len(), 1);
    let listed = listed(&client).await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    let item = &listed["items"][0];
    let number = item["signedUrl"]
        .as_str()
        .unwrap()
        .rsplit('/')
        .next()
        .unwrap();
    assert_eq!(bytes(&item["audioUrl"]).await, wav(number.parse().unwrap()));
    eventually(async || (sounds(&server) == 1).then_some(())).await;
}

async fn an_erased_user_leaves_no_sound(setup: Setup) {
    let server = setup.start().await;
    let client = member(&server, "cleo@example.org").await;
    send(&client, &segment(0, "", &wav(1))).await;
    assert_eq!(sounds(&server), 1);
    let erased = client
        .send(client.request(Method::DELETE, "/api/user"))
        .await;
    erased.data();
    assert_eq!(sounds(&server), 0);
}

#[tokio::test]
async fn ten_megabytes_of_sound_are_taken_without_being_held() {
    let server = Setup::default().start().await;
    let client = server.client("cleo");
    send(&client, &segment(0, "", &wav(1))).await;
    let before = server.peak_memory();
    let mut large = wav(1);
    large.resize(10 * 1024 * 1024, 7);
    send(&client, &segment(1, "", &large)).await;
    let taken = server.peak_memory() - before;
    println!("10 MB of sound took {taken} bytes of memory at most");
    assert!(
        taken < 8 * 1024 * 1024,
        "{taken} bytes, the Base64 alone has 14 MB"
    );
    let after = server.peak_memory();
    large.push(7);
    let request = client
        .request(Method::POST, PATH)
        .json(&segment(2, "", &large));
    assert_eq!(request.send().await.unwrap().status(), 413);
    assert!(server.peak_memory() - after < 8 * 1024 * 1024);
}
