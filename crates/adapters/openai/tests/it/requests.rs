//! What goes out and what comes back when all is well.

use openai::{InvalidOpenAiSettings, OpenAi, OpenAiSettings};
use serde_json::json;
use testkit::sim::Step;
use vision::{ViewSpec, VisionModel};

use crate::support::{House, KEY, page};

#[tokio::test]
async fn every_field_arrives() {
    let content = json!({"isStudying": true, "isActive": true, "isDistracted": false,
        "topic": "Math", "subtopic": "Calculus", "extractedText": "∫ x dx"});
    let house = House::with([Step::content(content)]).await;
    let sighting = house.look(&page()).await.unwrap();
    let content = &sighting.content;
    assert_eq!(sighting.model, "m-1");
    assert_eq!(content.topic.as_deref(), Some("Math"));
    assert_eq!(content.subtopic.as_deref(), Some("Calculus"));
    assert_eq!(content.extracted_text, "∫ x dx");
    assert!(content.is_studying && content.is_active && !content.is_distracted);
}

#[tokio::test]
async fn an_empty_topic_is_none() {
    let content = json!({"isStudying": false, "topic": "", "subtopic": ""});
    let house = House::with([Step::content(content)]).await;
    let content = house.look(&page()).await.unwrap().content;
    assert_eq!((content.topic, content.subtopic), (None, None));
}

#[tokio::test]
async fn output_behind_a_reasoning_item_is_found() {
    let house = House::with([Step::sample().with_reasoning()]).await;
    assert!(house.look(&page()).await.is_ok());
}

#[tokio::test]
async fn a_provider_that_checks_schemas_takes_ours() {
    let house = House::new().await;
    house.look(&page()).await.unwrap();
    let body = house.simulator.requests()[0].json();
    assert_eq!(body["text"]["format"]["strict"], json!(true));
    assert_eq!(body["store"], json!(false));
    assert_eq!(body["safety_identifier"], "student-1");
    let instructions = body["instructions"].as_str().unwrap();
    assert!(instructions.contains("exactly one of Bio, Math"));
}

#[tokio::test]
async fn the_key_travels_as_a_bearer_token() {
    let house = House::new().await;
    house.look(&page()).await.unwrap();
    let requests = house.simulator.requests();
    assert_eq!(
        requests[0].header("authorization"),
        Some(format!("Bearer {KEY}").as_str())
    );
}

#[tokio::test]
async fn secrets_do_not_show() {
    let house = House::new().await;
    let model = OpenAi::new(house.settings.clone()).unwrap();
    assert!(!format!("{model:?}").contains(KEY));
}

#[test]
fn the_view_is_a_jpeg_of_the_size_that_is_set() {
    let mut settings = OpenAiSettings::new("http://127.0.0.1:9/v1".parse().unwrap(), "m");
    settings.max_side_px = 1280;
    let model = OpenAi::new(settings).unwrap();
    assert_eq!(model.view(), ViewSpec::Jpeg { max_side: 1280 });
    assert_eq!(model.name(), "openai");
}

#[test]
fn settings_that_cannot_work_are_refused() {
    let settings = |base: &str, model: &str| OpenAiSettings::new(base.parse().unwrap(), model);
    let refused = |settings| OpenAi::new(settings).unwrap_err();
    assert!(matches!(
        refused(settings("http://h/v1", " ")),
        InvalidOpenAiSettings::Model
    ));
    assert!(matches!(
        refused(settings("file:///v1", "m")),
        InvalidOpenAiSettings::BaseUrl
    ));
    let mut bad_key = settings("http://h/v1", "m");
    bad_key.api_key = Some("a\nb".into());
    assert!(matches!(refused(bad_key), InvalidOpenAiSettings::ApiKey));
}
