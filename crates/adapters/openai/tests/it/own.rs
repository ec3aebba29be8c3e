//! What this provider alone does.

use openai::{OpenAi, OpenAiSettings};
use serde_json::json;
use testkit::contracts::vision_model::page;
use testkit::sim::{Fault, Script, SimOptions, Simulator, Step};
use vision::{ModelError, VisionModel};

/// A simulator, and a model that asks it without a key.
async fn house(keys: Option<Vec<String>>) -> (Simulator, OpenAi) {
    let simulator = Simulator::start_with(SimOptions {
        keys,
        ..SimOptions::default()
    })
    .await;
    let settings = OpenAiSettings::new(simulator.base_url(), "m-1");
    (simulator, OpenAi::new(settings).unwrap())
}

#[tokio::test]
async fn a_provider_that_checks_schemas_takes_ours_and_keeps_nothing() {
    let simulator = Simulator::start().await;
    let mut settings = OpenAiSettings::new(simulator.base_url(), "m-1");
    settings.api_key = Some("k".into());
    settings.topics = vec!["Bio".to_owned(), "Math".to_owned()];
    OpenAi::new(settings)
        .unwrap()
        .analyze(&page())
        .await
        .unwrap();
    let body = simulator.requests()[0].json();
    assert_eq!(body["text"]["format"]["strict"], json!(true));
    assert_eq!(body["store"], json!(false));
    assert_eq!(body["safety_identifier"], "student-1");
    let instructions = body["instructions"].as_str().unwrap();
    assert!(instructions.contains("exactly one of Bio, Math"));
}

#[tokio::test]
async fn no_key_is_refused_by_a_provider_that_wants_one() {
    let (_simulator, model) = house(Some(vec!["k".to_owned()])).await;
    let error = model.analyze(&page()).await.unwrap_err().to_string();
    assert!(error.contains("refused the API key"), "{error}");
}

#[tokio::test]
async fn a_server_that_wants_no_key_gets_none() {
    let (simulator, model) = house(None).await;
    assert!(model.analyze(&page()).await.is_err());
    assert_eq!(simulator.requests()[0].header("authorization"), None);
}

#[tokio::test]
async fn a_response_that_failed_is_told_by_its_code() {
    for code in ["server_error", "rate_limit_exceeded"] {
        let simulator = Simulator::start().await;
        let code = code.to_owned();
        let failed = Step::fault(Fault::Failed { code: code.clone() });
        simulator.script(Script::new().always(failed));
        let mut settings = OpenAiSettings::new(simulator.base_url(), "m-1");
        settings.api_key = Some("k".into());
        let seen = OpenAi::new(settings).unwrap().analyze(&page()).await;
        match seen.unwrap_err() {
            ModelError::BadOutput(told) => assert_eq!(told, "the model failed (server_error)"),
            ModelError::RateLimited { .. } => assert_eq!(code, "rate_limit_exceeded"),
            other => panic!("{other:?}"),
        }
    }
}
