//! Keys and models.

use std::time::Duration;

use probe::{Api, Probe, Provider, ProviderFault};
use testkit::sim::{SimOptions, Simulator};

const APIS: [Api; 3] = [Api::OpenAi, Api::Anthropic, Api::Gemini];

async fn strict() -> Simulator {
    Simulator::start_with(SimOptions {
        keys: Some(vec!["right".to_owned()]),
        models: Some(vec!["known".to_owned()]),
        ..SimOptions::default()
    })
    .await
}

async fn ask(
    simulator: &Simulator,
    (api, key, model): (Api, &str, &str),
) -> Result<(), ProviderFault> {
    let base_url = match api {
        Api::OpenAi => simulator.base_url(),
        Api::Anthropic | Api::Gemini => simulator.origin(),
    };
    let key = Some(key.into());
    let provider = Provider { api, base_url, key };
    let probe = Probe::new(Duration::from_secs(10)).unwrap();
    provider.has(model, &probe).await
}

#[tokio::test]
async fn a_key_that_is_taken_and_a_model_that_is_there_are_found_by_one_question() {
    let simulator = strict().await;
    for (api, asked) in APIS.into_iter().zip(1..) {
        ask(&simulator, (api, "right", "known")).await.unwrap();
        assert_eq!(simulator.request_count(), asked, "{api:?}");
    }
    ask(&simulator, (Api::Gemini, "right", "models/known"))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_name_that_is_not_listed_may_stand_for_a_model() {
    let any = Simulator::start().await;
    for api in APIS {
        ask(&any, (api, "any", "a-name")).await.unwrap();
    }
}

#[tokio::test]
async fn a_wrong_key_and_a_wrong_model_are_told_apart() {
    let simulator = strict().await;
    for api in APIS {
        let key = ask(&simulator, (api, "wrong", "known")).await;
        assert!(matches!(key, Err(ProviderFault::Key(_))), "{api:?} {key:?}");
        let model = ask(&simulator, (api, "right", "unknown")).await;
        assert!(
            matches!(&model, Err(ProviderFault::Model(name)) if name == "unknown"),
            "{api:?} {model:?}"
        );
    }
}

#[tokio::test]
async fn a_key_that_cannot_be_sent_and_a_provider_that_is_away_are_told() {
    let simulator = strict().await;
    let bad = ask(&simulator, (Api::OpenAi, "a\nb", "known")).await;
    assert!(matches!(bad, Err(ProviderFault::Unsendable)), "{bad:?}");
    let provider = Provider {
        api: Api::OpenAi,
        base_url: "http://127.0.0.1:1/v1".parse().unwrap(),
        key: None,
    };
    let probe = Probe::new(Duration::from_secs(10)).unwrap();
    let away = provider.has("known", &probe).await;
    assert!(matches!(away, Err(ProviderFault::Silent(_))), "{away:?}");
}
