//! Pictures that show what the last one showed need no model.

use std::io::Cursor;

use draw_pages::ink::{self, Fonts};
use draw_pages::pages::{PAGES, Page};
use draw_pages::photo;
use image::ImageFormat;
use serde_json::Value;

use crate::harness::{Client, Model, Server, Setup, eventually};

async fn started(setup: impl FnOnce(Setup) -> Setup) -> (Model, Server) {
    let model = Model::start().await;
    model.says("Biology", "Cells", "text of a page");
    let server = setup(Setup::embedded(&model.url())).start().await;
    (model, server)
}

fn frame(number: u8) -> Vec<u8> {
    testkit::data::bytes(&format!("walk/f{number:03}.jpg"))
}

/// The first bundled page with its words in another order: the same title, and lines that end where
/// they did.
fn with_other_words() -> Page {
    let turned = |text: &&'static str| -> &'static str {
        let words: Vec<_> = text.split(' ').rev().collect();
        words.join(" ").leak()
    };
    let paragraphs: Vec<_> = PAGES[0].paragraphs.iter().map(turned).collect();
    Page {
        paragraphs: paragraphs.leak(),
        ..PAGES[0]
    }
}

/// Held a little differently with every number.
fn photo_of(page: &Page, number: u32) -> Vec<u8> {
    let sheet = ink::set(page, &Fonts::load().unwrap());
    let mut file = Cursor::new(Vec::new());
    let photo = photo::take(&sheet, number);
    photo.write_to(&mut file, ImageFormat::Jpeg).unwrap();
    file.into_inner()
}

async fn seen(client: &Client, session: &str, picture: Vec<u8>) -> Value {
    let answer = client.upload(picture, "p.jpg", Some(session)).await;
    answer.data().clone()
}

async fn reused(client: &Client, session: &str, picture: Vec<u8>) -> bool {
    let data = seen(client, session, picture).await;
    data["analysis"]["reused"].as_bool().unwrap()
}

#[tokio::test]
async fn a_student_who_stays_on_a_page_asks_the_model_once_and_every_picture_has_its_event() {
    let (model, server) = started(|setup| setup).await;
    let ada = server.client("ada");
    let session = ada.start_session().await;
    let first = seen(&ada, &session, frame(0)).await;
    assert_eq!(first["analysis"]["reused"], false);
    for number in 1..6 {
        let next = seen(&ada, &session, frame(number)).await;
        assert_eq!(next["analysis"]["reused"], true, "frame {number}");
        let said = |data: &Value| data["analysis"]["contentAnalysis"].clone();
        assert_eq!(said(&next), said(&first));
        assert_ne!(next["analysisId"], first["analysisId"]);
    }
    assert_eq!(model.calls(), 1);
    let events = ada.get(&format!("/api/session/{session}/events")).await;
    let events = events.data()["items"].as_array().unwrap().clone();
    let told = events
        .iter()
        .filter(|event| event["analysis"]["reused"] == true);
    assert_eq!((events.len(), told.count()), (6, 5), "{events:?}");
}

#[tokio::test]
async fn a_page_turn_goes_to_the_model() {
    let (model, server) = started(|setup| setup).await;
    let ada = server.client("ada");
    let session = ada.start_session().await;
    for (number, is_reused) in [
        (13, false),
        (14, true),
        (15, false),
        (16, true),
        (30, false),
    ] {
        let told = reused(&ada, &session, frame(number)).await;
        assert_eq!(told, is_reused, "frame {number}");
    }
    assert_eq!(model.calls(), 3);
}

#[tokio::test]
async fn a_page_with_other_words_in_the_same_layout_goes_to_the_model() {
    let (model, server) = started(|setup| setup).await;
    let ada = server.client("ada");
    let session = ada.start_session().await;
    let other = with_other_words();
    assert!(!reused(&ada, &session, photo_of(&PAGES[0], 0)).await);
    assert!(reused(&ada, &session, photo_of(&PAGES[0], 1)).await);
    assert!(!reused(&ada, &session, photo_of(&other, 1)).await);
    assert!(!reused(&ada, &session, photo_of(&PAGES[0], 1)).await);
    assert_eq!(model.calls(), 3);
}

#[tokio::test]
async fn nothing_is_taken_over_from_another_session_or_another_student() {
    let (model, server) = started(|setup| setup).await;
    let (ada, bob) = (server.client("ada"), server.client("bob"));
    for client in [&ada, &ada, &bob] {
        let session = client.start_session().await;
        assert!(!reused(client, &session, frame(0)).await);
    }
    assert_eq!(model.calls(), 3);
}

#[tokio::test]
async fn where_it_is_switched_off_every_picture_goes_to_the_model() {
    let (model, server) = started(|setup| setup.with("VISION_REUSE", "off")).await;
    let ada = server.client("ada");
    let session = ada.start_session().await;
    for _ in 0..2 {
        assert!(!reused(&ada, &session, frame(0)).await);
    }
    assert_eq!(model.calls(), 2);
}

#[tokio::test]
async fn what_was_said_while_the_first_provider_failed_is_not_taken_over() {
    let (model, server) = started(|setup| {
        // The second provider needs neither network nor key.
        setup.with("VISION_PROVIDERS", "openai,local")
    })
    .await;
    model.fails(testkit::sim::Fault::Refusal);
    let ada = server.client("ada");
    let session = ada.start_session().await;
    for asked in 1..3 {
        assert!(!reused(&ada, &session, frame(0)).await);
        assert_eq!(model.calls(), asked);
    }
}

#[tokio::test]
async fn the_last_picture_of_an_erased_student_is_forgotten() {
    let (_model, server) = started(|setup| setup).await;
    let kept = async |count: u8| {
        let told = format!("vision_remembered_pictures {count}");
        let is_told = async || server.metrics().await.contains(&told).then_some(());
        eventually(is_told).await;
    };
    for name in ["ada", "bob"] {
        let client = server.client(name);
        let session = client.start_session().await;
        seen(&client, &session, frame(0)).await;
    }
    kept(2).await;
    let receipt = server.client("ada").delete("/api/v1/user").await;
    assert_eq!(receipt.data()["waiting"]["lastPictures"]["count"], 1);
    kept(1).await;
}
