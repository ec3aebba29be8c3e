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
async fn missing_and_wrong_fields() {
    check(
        Step::fault(Fault::MissingContentAnalysis),
        "contentAnalysis is missing",
    )
    .await;
    let fields = vec!["topic".to_owned()];
    check(
        Step::fault(Fault::MissingFields { fields }),
        "contentAnalysis.topic is missing",
    )
    .await;
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
    check(
        Step::fault(Fault::Refusal),
        "the provider blocked the question (SAFETY)",
    )
    .await;
}

#[tokio::test]
async fn incomplete() {
    for (reason, told) in [
        ("max_output_tokens", "the answer is incomplete (MAX_TOKENS)"),
        ("content_filter", "the model refused (SAFETY)"),
    ] {
        let reason = reason.to_owned();
        check(Step::fault(Fault::Incomplete { reason }), told).await;
    }
}

#[tokio::test]
async fn an_answer_beyond_the_token_limit_is_incomplete() {
    let mut house = House::with([]).await;
    house.settings.max_output_tokens = Some(16);
    let told = house.look(&page()).await.unwrap_err().to_string();
    assert!(told.ends_with("incomplete (MAX_TOKENS)"), "{told}");
}

#[tokio::test]
async fn a_refused_image() {
    let code = "image_parse_error".to_owned();
    check(
        Step::fault(Fault::ImageRefused { code }),
        "the provider refused the image (INVALID_ARGUMENT)",
    )
    .await;
}

#[tokio::test]
async fn an_answer_without_bound_is_not_read_to_its_end() {
    let huge = "x".repeat(5 * 1024 * 1024);
    let mut house = House::with([Step::text(&huge)]).await;
    house.settings.max_output_tokens = Some(4_000_000);
    let told = house.look(&page()).await.unwrap_err().to_string();
    assert!(told.ends_with("larger than 4 MiB"), "{told}");
}

#[tokio::test]
async fn answers_that_are_of_no_use_are_billed_all_the_same() {
    for fault in [Fault::NotJson, Fault::NoText, Fault::Refusal] {
        let (house, image) = (House::with([Step::fault(fault)]).await, page());
        house.look(&image).await.unwrap_err();
        let (noted, billed) = (image.bill.answers(), house.simulator.bills());
        assert_eq!((noted.len(), billed.len()), (1, 1));
        assert_eq!(noted[0].usage.input, billed[0].input);
        assert_eq!(noted[0].usage.output, billed[0].output);
    }
}
