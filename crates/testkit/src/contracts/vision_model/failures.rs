//! Providers that fail, refuse, stall or are not there.

use std::time::Duration;

use vision::{ModelError, VisionModel};

use super::Adapter;
use super::house::{House, failure, page, rate_limit};
use crate::sim::{Fault, Script, Step};

/// Also one in the middle of an answer.
pub async fn a_passing_fault_is_tried_again_and_forgotten<A: Adapter>() {
    for fault in [
        Fault::ServerError,
        Fault::Overloaded,
        Fault::CutConnection,
        Fault::CutBody,
    ] {
        let house = House::<A>::with([Step::fault(fault.clone())]).await;
        assert!(house.look(&page()).await.is_ok(), "{fault:?}");
        assert_eq!(house.simulator.request_count(), 2, "{fault:?}");
    }
}

/// Three attempts.
pub async fn a_lasting_fault_is_unavailable_after_two_retries<A: Adapter>() {
    let house = House::<A>::new().await;
    let lasting = Script::new().always(Step::fault(Fault::ServerError));
    house.simulator.script(lasting);
    let expected = format!(
        "the model is unavailable: the provider failed ({})",
        A::WORDS.failed
    );
    assert_eq!(house.complaint().await, expected);
    assert_eq!(house.simulator.request_count(), 3);
}

/// For as long as the provider asks.
pub async fn a_rate_limit_is_waited_out<A: Adapter>() {
    let house = House::<A>::with([rate_limit(1), rate_limit(1)]).await;
    house.sees(&page()).await;
    assert_eq!(house.simulator.request_count(), 3);
}

/// Somebody else may be asked instead.
pub async fn a_rate_limit_longer_than_the_deadline_is_told_at_once<A: Adapter>() {
    let (error, requests) = failure::<A>(rate_limit(60_000)).await;
    let wait = Duration::from_mins(1);
    assert!(matches!(error, ModelError::RateLimited { retry_after: Some(w) } if w == wait));
    assert_eq!(requests, 1);
}

/// Waiting does not help.
pub async fn a_used_up_quota_is_not_tried_again<A: Adapter>() {
    let (error, requests) = failure::<A>(Step::fault(Fault::Quota)).await;
    assert!(matches!(
        error,
        ModelError::RateLimited { retry_after: None }
    ));
    assert_eq!(requests, 1);
}

/// Both by the settings and by what is asked of one call.
pub async fn silence_is_a_timeout<A: Adapter>() {
    let short = Duration::from_millis(200);
    for (timeout, within) in [
        (short, Duration::from_mins(1)),
        (Duration::from_mins(1), short),
    ] {
        let mut house = House::<A>::with([Step::fault(Fault::Hang)]).await;
        house.wishes.timeout = timeout;
        let mut image = page();
        image.within = within;
        let seen = house.look(&image).await;
        assert!(matches!(seen, Err(ModelError::Timeout)), "{seen:?}");
    }
}

/// Providers repeat a part of it in their message.
pub async fn a_wrong_key_is_named_and_not_repeated<A: Adapter>() {
    let mut house = House::<A>::new().await;
    "wrong-secret".clone_into(&mut house.wishes.key);
    let expected = format!(
        "the model is unavailable: the provider refused the API key ({})",
        A::WORDS.wrong_key
    );
    assert_eq!(house.complaint().await, expected);
    assert_eq!(house.simulator.request_count(), 1);
}

/// By the name that was set.
pub async fn a_forbidden_model_is_named<A: Adapter>() {
    let (error, _) = failure::<A>(Step::fault(Fault::Forbidden)).await;
    let told = error.to_string();
    assert!(told.contains("denies access to model `m-1`"), "{told}");
}

/// By the name that was set.
pub async fn an_unknown_model_is_named<A: Adapter>() {
    let mut house = House::<A>::new().await;
    "m-2".clone_into(&mut house.wishes.model);
    let told = house.complaint().await;
    assert!(told.contains("has no model `m-2`"), "{told}");
}

/// Rather than the model.
pub async fn a_base_url_without_the_api_is_named<A: Adapter>() {
    let mut house = House::<A>::new().await;
    house.wishes.base.set_path("/elsewhere");
    let told = house.complaint().await;
    let expected = format!("there is no {} at the base URL", A::WORDS.api);
    assert!(told.contains(&expected), "{told}");
}

/// In words that do not name the address.
pub async fn a_provider_that_is_not_there_is_unavailable<A: Adapter>() {
    let house = House::<A>::new().await;
    let model = house.model();
    drop(house);
    let told = model.analyze(&page()).await.map_err(|e| e.to_string());
    let expected = "no connection to the provider";
    assert!(
        told.as_ref().is_err_and(|told| told.contains(expected)),
        "{told:?}"
    );
}
