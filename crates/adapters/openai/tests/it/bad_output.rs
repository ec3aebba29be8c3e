//! Answers that arrive and cannot be used.

use serde_json::json;
use testkit::sim::{Fault, Step};
use vision::ModelError;

use crate::support::{House, error_of, page};

async fn check(step: Step, reason: &str) {
    match error_of(step).await {
        (ModelError::BadOutput(told), 1) => assert_eq!(told, reason),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn no_output_text() {
    check(Step::fault(Fault::NoText), "the answer has no text").await;
    check(Step::text(" "), "the answer has no text").await;
}

#[tokio::test]
async fn invalid_json() {
    check(Step::fault(Fault::NotJson), "the text is not valid JSON").await;
    check(Step::fault(Fault::CutJson), "the text is not valid JSON").await;
}

#[tokio::test]
async fn missing_content_analysis() {
    check(
        Step::fault(Fault::MissingContentAnalysis),
        "contentAnalysis is missing",
    )
    .await;
    check(
        Step::json(json!({"contentAnalysis": "x"})),
        "contentAnalysis is not an object",
    )
    .await;
}

#[tokio::test]
async fn missing_required_fields() {
    for name in [
        "isStudying",
        "isActive",
        "isDistracted",
        "topic",
        "subtopic",
        "extractedText",
    ] {
        let fields = vec![name.to_owned()];
        let reason = format!("contentAnalysis.{name} is missing");
        check(Step::fault(Fault::MissingFields { fields }), &reason).await;
    }
}

#[tokio::test]
async fn fields_of_the_wrong_type() {
    check(
        Step::fault(Fault::WrongTypes),
        "contentAnalysis.isStudying is not true or false",
    )
    .await;
    check(
        Step::content(json!({"extractedText": null})),
        "contentAnalysis.extractedText is not a text",
    )
    .await;
}

#[tokio::test]
async fn refusal() {
    check(Step::fault(Fault::Refusal), "the model refused").await;
}

#[tokio::test]
async fn incomplete() {
    for reason in ["max_output_tokens", "content_filter"] {
        let fault = Fault::Incomplete {
            reason: reason.to_owned(),
        };
        let told = format!("the answer is incomplete ({reason})");
        check(Step::fault(fault), &told).await;
    }
}

#[tokio::test]
async fn an_answer_beyond_the_token_limit_is_incomplete() {
    let mut house = House::with([]).await;
    house.settings.max_output_tokens = Some(16);
    let error = house.look(&page()).await.unwrap_err();
    let told = error.to_string();
    assert!(told.ends_with("incomplete (max_output_tokens)"), "{told}");
}

#[tokio::test]
async fn failed() {
    let fault = |code: &str| Fault::Failed {
        code: code.to_owned(),
    };
    check(
        Step::fault(fault("server_error")),
        "the model failed (server_error)",
    )
    .await;
    let (error, _) = error_of(Step::fault(fault("rate_limit_exceeded"))).await;
    assert!(matches!(error, ModelError::RateLimited { .. }));
}

#[tokio::test]
async fn a_refused_image() {
    let fault = Fault::ImageRefused {
        code: "image_content_policy_violation".to_owned(),
    };
    check(
        Step::fault(fault),
        "the provider refused the image (image_content_policy_violation)",
    )
    .await;
}

#[tokio::test]
async fn an_answer_without_bound_is_not_read_to_its_end() {
    let huge = "x".repeat(5 * 1024 * 1024);
    check(Step::text(&huge), "the response is larger than 4 MiB").await;
}
