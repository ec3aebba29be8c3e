//! Providers that fail, refuse, stall or are not there.

use std::time::Duration;

use gemini::Gemini;
use testkit::sim::{Fault, Script, Step};
use vision::{ModelError, VisionModel};

use crate::support::{House, error_of, page, rate_limit};

#[tokio::test]
async fn a_passing_fault_is_tried_again_and_forgotten() {
    for fault in [
        Fault::ServerError,
        Fault::Overloaded,
        Fault::CutConnection,
        Fault::CutBody,
    ] {
        let house = House::with([Step::fault(fault.clone())]).await;
        assert!(house.look(&page()).await.is_ok(), "{fault:?}");
        assert_eq!(house.simulator.request_count(), 2);
    }
}

#[tokio::test]
async fn a_lasting_fault_is_unavailable_after_two_retries() {
    let house = House::new().await;
    house
        .simulator
        .script(Script::new().always(Step::fault(Fault::ServerError)));
    let error = house.look(&page()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the model is unavailable: the provider failed (500 INTERNAL)"
    );
    assert_eq!(house.simulator.request_count(), 3);
}

#[tokio::test]
async fn a_rate_limit_is_waited_out() {
    let house = House::with([rate_limit(1), rate_limit(1)]).await;
    assert!(house.look(&page()).await.is_ok());
    assert_eq!(house.simulator.request_count(), 3);
}

#[tokio::test]
async fn a_rate_limit_longer_than_the_deadline_is_told_at_once() {
    let (error, requests) = error_of(rate_limit(60_000)).await;
    let wait = Duration::from_mins(1);
    assert!(matches!(error, ModelError::RateLimited { retry_after: Some(w) } if w == wait));
    assert_eq!(requests, 1);
}

#[tokio::test]
async fn a_used_up_quota_is_not_tried_again() {
    let (error, requests) = error_of(Step::fault(Fault::Quota)).await;
    assert!(matches!(
        error,
        ModelError::RateLimited { retry_after: None }
    ));
    assert_eq!(requests, 1);
}

#[tokio::test]
async fn silence_is_a_timeout() {
    let (house, mut image) = (House::with([Step::fault(Fault::Hang)]).await, page());
    image.within = Duration::from_millis(200);
    let error = house.look(&image).await.unwrap_err();
    assert!(matches!(error, ModelError::Timeout), "{error:?}");
}

#[tokio::test]
async fn a_wrong_key_is_named_and_not_repeated() {
    let mut house = House::new().await;
    house.settings.api_key = "wrong-secret".into();
    let error = house.look(&page()).await.unwrap_err().to_string();
    assert_eq!(
        error,
        "the model is unavailable: the provider refused the API key (API_KEY_INVALID)"
    );
    assert_eq!(house.simulator.request_count(), 1);
}

#[tokio::test]
async fn a_forbidden_model_is_named() {
    let (error, _) = error_of(Step::fault(Fault::Forbidden)).await;
    assert!(error.to_string().contains("denies access to model `m-1`"));
}

#[tokio::test]
async fn an_unknown_model_is_named() {
    let mut house = House::new().await;
    house.settings.model = "m-2".to_owned();
    let error = house.look(&page()).await.unwrap_err().to_string();
    assert!(error.contains("has no model `m-2`"), "{error}");
}

#[tokio::test]
async fn a_base_url_without_the_api_is_named() {
    let mut house = House::new().await;
    house.settings.base_url = house.simulator.base_url().join("/elsewhere").unwrap();
    let error = house.look(&page()).await.unwrap_err().to_string();
    assert!(
        error.contains("no generateContent at the base URL"),
        "{error}"
    );
}

#[tokio::test]
async fn a_provider_that_is_not_there_is_unavailable() {
    let house = House::new().await;
    let model = Gemini::new(house.settings.clone()).unwrap();
    drop(house);
    let error = model.analyze(&page()).await.unwrap_err().to_string();
    assert!(error.contains("no connection to the provider"), "{error}");
}
