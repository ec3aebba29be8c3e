//! What goes out and what comes back when all is well.

use gemini::{Gemini, GeminiSettings, InvalidGeminiSettings};
use serde_json::json;
use testkit::sim::Step;
use vision::{ViewSpec, VisionModel};

use crate::support::{House, KEY, page};

#[tokio::test]
async fn every_field_arrives() {
    let content = json!({"isStudying": true, "isActive": true, "isDistracted": false,
        "topic": "Math", "subtopic": "", "extractedText": "∫ x dx"});
    let house = House::with([Step::content(content)]).await;
    let sighting = house.look(&page()).await.unwrap();
    let content = &sighting.content;
    assert_eq!(sighting.model, "m-1");
    assert_eq!(content.topic.as_deref(), Some("Math"));
    assert_eq!(content.subtopic, None);
    assert_eq!(content.extracted_text, "∫ x dx");
    assert!(content.is_studying && content.is_active && !content.is_distracted);
}

#[tokio::test]
async fn an_answer_behind_reasoning_is_found() {
    let house = House::with([Step::sample().with_reasoning()]).await;
    assert!(house.look(&page()).await.is_ok());
}

#[tokio::test]
async fn what_answers_cost_is_noted_as_the_provider_counts_it() {
    let house = House::with([Step::sample(), Step::sample().with_reasoning()]).await;
    let image = page();
    house.look(&image).await.unwrap();
    house.look(&image).await.unwrap();
    let (noted, billed) = (image.bill.answers(), house.simulator.bills());
    assert_eq!((noted.len(), billed.len()), (2, 2));
    for (noted, billed) in noted.iter().zip(&billed) {
        assert_eq!(noted.provider, billed.provider);
        assert_eq!(noted.model, billed.model);
        assert_eq!(noted.usage.input, billed.input);
        assert_eq!(noted.usage.output, billed.output);
        assert_eq!(noted.usage.input_image, billed.input_image);
    }
    assert_eq!(noted[1].usage.reasoning, 64);
}

#[tokio::test]
async fn a_provider_that_checks_schemas_takes_ours() {
    let house = House::new().await;
    house.look(&page()).await.unwrap();
    let body = house.simulator.requests()[0].json();
    assert!(!body.to_string().contains("student-1"));
    let instructions = body["systemInstruction"]["parts"][0]["text"]
        .as_str()
        .unwrap();
    assert!(instructions.contains("exactly one of Bio, Math"));
}

#[tokio::test]
async fn the_key_travels_in_its_header_alone_and_does_not_show() {
    let house = House::new().await;
    house.look(&page()).await.unwrap();
    let request = &house.simulator.requests()[0];
    assert_eq!(request.header("x-goog-api-key"), Some(KEY));
    assert_eq!(request.header("authorization"), None);
    assert!(!request.path.contains(KEY));
    let model = Gemini::new(house.settings.clone()).unwrap();
    assert!(!format!("{model:?}").contains(KEY));
}

#[test]
fn the_view_is_a_jpeg_of_the_size_that_is_set() {
    let mut settings = GeminiSettings::new("http://127.0.0.1:9".parse().unwrap(), "k".into(), "m");
    settings.max_side_px = 1280;
    let model = Gemini::new(settings).unwrap();
    assert_eq!(model.view(), ViewSpec::Jpeg { max_side: 1280 });
    assert_eq!(model.name(), "gemini");
}

#[test]
fn settings_that_cannot_work_are_refused() {
    let refused = |base: &str, key: &str, model: &str| {
        let settings = GeminiSettings::new(base.parse().unwrap(), key.into(), model);
        Gemini::new(settings).unwrap_err()
    };
    assert!(matches!(
        refused("http://h", "k", " "),
        InvalidGeminiSettings::Model
    ));
    assert!(matches!(
        refused("file:///v1", "k", "m"),
        InvalidGeminiSettings::BaseUrl
    ));
    for key in ["", " ", "a\nb"] {
        assert!(matches!(
            refused("http://h", key, "m"),
            InvalidGeminiSettings::ApiKey
        ));
    }
}
