//! Images that clients put behind upload links by themselves, with the tools they have.

use std::collections::BTreeMap;
use std::io::Write as _;

use serde_json::{Value, json};
use testkit::presigned::{PutBehind, put_behind};

use crate::harness::{Client, Model, Server, Setup, eventually, everywhere, page};

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

/// The page as a camera writes it: turned, with place and device beside it.
fn photo() -> Vec<u8> {
    let page = page();
    let exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x02\
        \x01\x0f\0\x02\0\0\0\x0c\0\0\0\x26\
        \x01\x12\0\x03\0\0\0\x01\0\x06\0\0\
        \0\0\0\0SECRET-CAM\0\0";
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&page[..2], &[0xff, 0xe1], &length, exif, &page[2..]].concat()
}

fn holds_secret(bytes: &[u8]) -> bool {
    bytes.windows(10).any(|window| window == b"SECRET-CAM")
}

async fn opened(url: &Value) -> Vec<u8> {
    let answer = reqwest::get(url.as_str().unwrap()).await.unwrap();
    assert_eq!(answer.status(), 200, "{url}");
    answer.bytes().await.unwrap().to_vec()
}

#[tokio::test]
async fn no_link_opens_what_a_camera_wrote_and_smaller_copies_follow() {
    let (setup, _stores) = Setup::default().on_production_stores();
    let (_model, _server, client) = start(setup.secured()).await;
    let seen = client.upload(photo(), "p.jpg", None).await.data().clone();
    let shown = opened(&seen["s3Url"]).await;
    assert!(holds_secret(&photo()) && !holds_secret(&shown));
    assert!(
        shown.windows(6).any(|window| window == b"Exif\0\0"),
        "which way up is lost"
    );
    let path = format!("/api/v1/image?s3Key={}", seen["s3Key"].as_str().unwrap());
    let image = eventually(async || {
        let image = client.get(&path).await.data().clone();
        image["displayUrl"].is_string().then_some(image)
    });
    let image = image.await;
    let side = async |name: &str| {
        let copy = opened(&image[name]).await;
        assert!(!holds_secret(&copy), "{name}");
        let copy = image::load_from_memory(&copy).unwrap();
        (copy.width(), copy.height())
    };
    // The page is upright in the file, and its note turns it.
    let (display, thumbnail) = (side("displayUrl").await, side("thumbnailUrl").await);
    assert!(display.0 > display.1 && display.0 <= 1600, "{display:?}");
    assert_eq!(thumbnail.0, 320, "{thumbnail:?}");
}
