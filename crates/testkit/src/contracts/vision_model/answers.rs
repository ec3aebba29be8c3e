//! Answers that arrive, of use or not.

use serde_json::json;
use vision::ModelError;

use super::Adapter;
use super::house::{House, failure, page};
use crate::sim::{Fault, Step};

/// All six fields.
pub async fn every_field_arrives<A: Adapter>() {
    let content = json!({"isStudying": true, "isActive": true, "isDistracted": false,
        "topic": "Math", "subtopic": "Calculus", "extractedText": "∫ x dx"});
    let house = House::<A>::with([Step::content(content)]).await;
    let sighting = house.sees(&page()).await;
    let content = &sighting.content;
    assert_eq!(sighting.model, "m-1");
    assert_eq!(content.topic.as_deref(), Some("Math"));
    assert_eq!(content.subtopic.as_deref(), Some("Calculus"));
    assert_eq!(content.extracted_text, "∫ x dx");
    assert!(content.is_studying && content.is_active && !content.is_distracted);
}

/// The schema has no null.
pub async fn an_empty_topic_is_none<A: Adapter>() {
    let content = json!({"isStudying": false, "topic": "", "subtopic": ""});
    let house = House::<A>::with([Step::content(content)]).await;
    let content = house.sees(&page()).await.content;
    assert_eq!((content.topic, content.subtopic), (None, None));
}

/// Models may think aloud first.
pub async fn an_answer_behind_reasoning_is_found<A: Adapter>() {
    let house = House::<A>::with([Step::sample().with_reasoning()]).await;
    house.sees(&page()).await;
}

/// To the last token.
pub async fn what_answers_cost_is_noted_as_the_provider_counts_it<A: Adapter>() {
    let house = House::<A>::with([Step::sample(), Step::sample().with_reasoning()]).await;
    let image = page();
    house.sees(&image).await;
    house.sees(&image).await;
    let (noted, billed) = (image.bill.answers(), house.simulator.bills());
    assert_eq!((noted.len(), billed.len()), (2, 2));
    for (noted, billed) in noted.iter().zip(&billed) {
        assert_eq!((noted.provider, billed.provider), (A::NAME, A::NAME));
        assert_eq!(noted.model, billed.model);
        assert_eq!(noted.usage.input, billed.input);
        assert_eq!(noted.usage.cached, billed.cached);
        assert_eq!(noted.usage.output, billed.output);
    }
    assert_eq!(noted[1].usage.reasoning, 64);
}

/// Nor is blank text.
pub async fn an_answer_without_text_is_of_no_use<A: Adapter>() {
    check::<A>(Step::fault(Fault::NoText), "the answer has no text").await;
    check::<A>(Step::text(" "), "the answer has no text").await;
}

/// Nor is half of it.
pub async fn an_answer_that_is_no_json_is_of_no_use<A: Adapter>() {
    for fault in [Fault::NotJson, Fault::CutJson] {
        check::<A>(Step::fault(fault), "the text is not valid JSON").await;
    }
}

/// Each by its name.
pub async fn missing_and_wrong_fields_are_named<A: Adapter>() {
    let fields = vec!["topic".to_owned()];
    for (step, reason) in [
        (
            Step::fault(Fault::MissingContentAnalysis),
            "contentAnalysis is missing",
        ),
        (
            Step::json(json!({"contentAnalysis": "x"})),
            "contentAnalysis is not an object",
        ),
        (
            Step::fault(Fault::MissingFields { fields }),
            "contentAnalysis.topic is missing",
        ),
        (
            Step::fault(Fault::WrongTypes),
            "contentAnalysis.isStudying is not true or false",
        ),
        (
            Step::content(json!({"extractedText": null})),
            "contentAnalysis.extractedText is not a text",
        ),
    ] {
        check::<A>(step, reason).await;
    }
}

/// Without the model's words.
pub async fn a_refusal_is_told<A: Adapter>() {
    check::<A>(Step::fault(Fault::Refusal), A::WORDS.refusal).await;
}

/// And why it was cut.
pub async fn a_cut_answer_is_told<A: Adapter>() {
    for (reason, told) in [
        ("max_output_tokens", A::WORDS.cut),
        ("content_filter", A::WORDS.filtered),
    ] {
        let reason = reason.to_owned();
        check::<A>(Step::fault(Fault::Incomplete { reason }), told).await;
    }
}

/// The bound reaches the provider.
pub async fn an_answer_beyond_the_token_limit_is_incomplete<A: Adapter>() {
    let mut house = House::<A>::new().await;
    house.wishes.max_tokens = Some(16);
    let told = house.complaint().await;
    assert!(told.ends_with(A::WORDS.cut), "{told}");
}

/// Not beyond 4 MiB.
pub async fn an_answer_without_bound_is_not_read_to_its_end<A: Adapter>() {
    let huge = "x".repeat(5 * 1024 * 1024);
    let mut house = House::<A>::with([Step::text(&huge)]).await;
    house.wishes.max_tokens = Some(4_000_000);
    let told = house.complaint().await;
    assert!(told.ends_with("larger than 4 MiB"), "{told}");
}

/// Providers bill what they wrote.
pub async fn answers_that_are_of_no_use_are_billed_all_the_same<A: Adapter>() {
    for fault in [Fault::NotJson, Fault::NoText, Fault::Refusal] {
        let (house, image) = (House::<A>::with([Step::fault(fault)]).await, page());
        assert!(house.look(&image).await.is_err());
        let (noted, billed) = (image.bill.answers(), house.simulator.bills());
        assert_eq!((noted.len(), billed.len()), (1, 1));
        assert_eq!(noted[0].usage.input, billed[0].input);
        assert_eq!(noted[0].usage.output, billed[0].output);
    }
}

/// The step's answer is of no use, for this reason, and is not asked for again.
async fn check<A: Adapter>(step: Step, reason: &str) {
    match failure::<A>(step).await {
        (ModelError::BadOutput(told), 1) => assert_eq!(told, reason),
        other => panic!("{other:?}"),
    }
}
