//! Images that clients put behind upload links by themselves, with the tools they have.

use std::collections::BTreeMap;
use std::io::Write as _;

use serde_json::{Value, json};
use testkit::presigned::{PutBehind, put_behind};

use crate::harness::{Client, Model, Server, Setup, everywhere, page};

everywhere! {
    only_what_was_promised_comes_through_a_link_and_it_is_analyzed_then,
    without_a_checksum_another_image_is_found_by_its_type,
}

async fn start(setup: Setup) -> (Model, Server, Client) {
    let model = Model::start().await;
    model.says("Biology", "", "x");
    let setup = setup
        .with("OPENAI_BASE_URL", &model.url())
        .with("OPENAI_API_KEY", "test-key")
        .with("VISION_MODEL", "gpt-test");
    let server = setup.start().await;
    let stranger = server.stranger();
    let tokens = stranger.register("ada@example.org").await;
    (model, server, stranger.bearing(&tokens.access))
}

async fn presign(client: &Client, wanted: Value) -> Value {
    client
        .post("/api/v1/upload/presign", wanted)
        .await
        .data()
        .clone()
}

async fn put(link: &Value, file: Vec<u8>, only_wrong: bool) -> BTreeMap<String, u16> {
    let link = link.clone();
    let put = tokio::task::spawn_blocking(move || {
        let mut on_disk = tempfile::NamedTempFile::new().unwrap();
        on_disk.write_all(&file).unwrap();
        put_behind(PutBehind {
            url: link["uploadUrl"].as_str().unwrap(),
            headers: &link["headers"],
            file: on_disk.path(),
            only_wrong,
        })
    });
    put.await.unwrap()
}

async fn only_what_was_promised_comes_through_a_link_and_it_is_analyzed_then(setup: Setup) {
    let (_model, _server, client) = start(setup).await;
    let sha256 = objects::Sha256Digest::of(&page()).to_string();
    let wanted = json!({ "contentType": "image/jpeg", "size": page().len(), "sha256": sha256 });
    let link = presign(&client, wanted).await;
    let analyze = json!({ "s3Key": link["s3Key"] });
    let early = client.post("/api/analyze", analyze.clone()).await;
    assert_eq!(early.error(), (404, "OBJECT_NOT_FOUND".to_owned()));
    let told = put(&link, page(), false).await;
    for wrong in [
        "too short",
        "too long",
        "another type",
        "another checksum",
        "again",
    ] {
        assert!((400..500).contains(&told[wrong]), "{wrong}: {told:?}");
    }
    assert!((200..300).contains(&told["right"]), "{told:?}");
    let seen = client.post("/api/analyze", analyze).await;
    assert_eq!(seen.data()["analysis"]["topicEnum"], "Bio");
    let url = seen.data()["s3Url"].as_str().unwrap();
    assert_eq!(
        reqwest::get(url).await.unwrap().bytes().await.unwrap(),
        page()
    );
}

async fn without_a_checksum_another_image_is_found_by_its_type(setup: Setup) {
    let (_model, _server, client) = start(setup).await;
    let wanted = json!({ "contentType": "image/png", "size": page().len() });
    let link = presign(&client, wanted).await;
    let told = put(&link, page(), false).await;
    assert!((200..300).contains(&told["right"]), "{told:?}");
    let seen = client
        .post("/api/analyze", json!({ "s3Key": link["s3Key"] }))
        .await;
    assert_eq!(seen.error(), (400, "UPLOAD_MISMATCH".to_owned()));
    let gone = client
        .post("/api/analyze", json!({ "s3Key": link["s3Key"] }))
        .await;
    assert_eq!(gone.error(), (404, "OBJECT_NOT_FOUND".to_owned()));
}
