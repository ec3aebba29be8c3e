//! Several providers of vision: one answers for the other.

use std::time::Duration;

use testkit::sim::{Fault, Script, SimBill, Step};

use crate::harness::{Answer, Houses, Server, eventually, page, says};

async fn upload(server: &Server, user: &str) -> Answer {
    server.client(user).upload(page(), "p.jpg", None).await
}

/// Who has answered.
#[track_caller]
fn who(answer: &Answer) -> String {
    let text = &answer.data()["analysis"]["contentAnalysis"]["extractedText"];
    text.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn providers_that_die_in_the_middle_fail_no_request_while_one_lives() {
    let houses = Houses::start().await;
    houses.introduce();
    let thinking = says("openai").after(Duration::from_millis(300));
    houses.openai.script(Script::new().always(thinking));
    let server = houses.setup().start().await;
    let users: Vec<_> = (0..6).map(|n| format!("u{n}")).collect();
    let uploads =
        |server| futures_util::future::join_all(users.iter().map(move |u| upload(server, u)));
    assert_eq!(who(&upload(&server, "ada").await), "openai");
    let Houses {
        openai,
        anthropic,
        gemini: _gemini,
    } = houses;
    let dying = async {
        openai.wait_for_requests(3).await;
        tokio::task::spawn_blocking(move || drop(openai))
            .await
            .unwrap();
    };
    let (answers, ()) = tokio::join!(uploads(&server), dying);
    let said: Vec<_> = answers.iter().map(who).collect();
    assert!(said.contains(&"anthropic".to_owned()), "{said:?}");
    tokio::task::spawn_blocking(move || drop(anthropic))
        .await
        .unwrap();
    let answers = uploads(&server).await;
    assert!(answers.iter().all(|answer| who(answer) == "gemini"));
}

#[tokio::test]
async fn whatever_is_wrong_with_one_provider_the_next_one_answers() {
    let houses = Houses::start().await;
    houses.introduce();
    let faults = [
        Fault::InvalidKey,
        Fault::Quota,
        Fault::NotJson,
        Fault::Refusal,
        Fault::ModelNotFound,
    ];
    let steps = || faults.clone().map(Step::fault);
    houses.openai.script(Script::new().queue(steps()));
    houses.anthropic.script(Script::new().queue(steps()));
    let server = houses.setup().start().await;
    for _ in 0..faults.len() {
        assert_eq!(who(&upload(&server, "ada").await), "gemini");
    }
}

#[tokio::test]
async fn a_provider_that_hangs_leaves_time_for_the_next_one() {
    let houses = Houses::start().await;
    houses.introduce();
    houses
        .openai
        .script(Script::new().always(Step::fault(Fault::Hang)));
    let server = houses
        .setup()
        .with("VISION_TIMEOUT_MS", "4000")
        .start()
        .await;
    assert_eq!(who(&upload(&server, "ada").await), "anthropic");
}

#[tokio::test]
async fn a_provider_that_keeps_failing_is_left_alone() {
    let houses = Houses::start().await;
    houses.introduce();
    let wrong = Step::fault(Fault::InvalidKey);
    houses.openai.script(Script::new().always(wrong));
    let server = houses.setup().start().await;
    for _ in 0..5 {
        assert_eq!(who(&upload(&server, "ada").await), "anthropic");
    }
    let asked = houses.openai.request_count();
    assert_eq!(asked, 5);
    assert_eq!(who(&upload(&server, "ada").await), "anthropic");
    assert_eq!(houses.openai.request_count(), asked);
    let is_left_alone = "vision_breaker_state{provider=\"openai\"} 2";
    let told = async || server.metrics().await.contains(is_left_alone).then_some(());
    eventually(told).await;
}

#[tokio::test]
async fn what_a_chain_costs_adds_up_to_what_the_providers_counted() {
    let houses = Houses::start().await;
    houses.introduce();
    let steps = [Fault::NotJson, Fault::Refusal, Fault::Quota, Fault::NoText];
    let openai = Script::new().queue(steps.map(Step::fault));
    houses.openai.script(openai.always(says("openai")));
    let once = Script::new().queue([Step::fault(Fault::CutJson)]);
    houses
        .anthropic
        .script(once.always(Step::sample().with_reasoning()));
    let server = houses.setup().start().await;
    for _ in 0..6 {
        upload(&server, "ada").await.data();
    }
    let (bills, metrics) = (houses.bills(), server.metrics().await);
    assert!(bills.len() > 6, "{bills:?}");
    for provider in ["openai", "anthropic", "gemini"] {
        let of = |bill: &&SimBill| bill.provider == provider;
        let (input, output) = bills
            .iter()
            .filter(of)
            .fold((0, 0), |(i, o), bill| (i + bill.input, o + bill.output));
        assert_eq!(tokens(&metrics, provider, "input"), input, "{provider}");
        assert_eq!(tokens(&metrics, provider, "output"), output, "{provider}");
    }
}

/// `vision_tokens_total` of one provider and kind, all models together.
fn tokens(metrics: &str, provider: &str, kind: &str) -> u64 {
    let labels = [
        format!("provider=\"{provider}\""),
        format!("kind=\"{kind}\""),
    ];
    let lines = metrics.lines().filter(|line| {
        line.starts_with("vision_tokens_total{") && labels.iter().all(|label| line.contains(label))
    });
    let figures = lines.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok());
    figures.sum()
}

#[tokio::test]
async fn the_keys_of_providers_are_in_no_log() {
    let houses = Houses::start().await;
    let wrong = || Script::new().always(Step::fault(Fault::InvalidKey));
    houses.openai.script(wrong());
    houses.anthropic.script(wrong());
    houses.gemini.script(wrong());
    let server = houses.setup().with("RUST_LOG", "debug").start().await;
    let answer = upload(&server, "ada").await;
    assert_eq!(answer.error(), (502, "VISION_UNAVAILABLE".to_owned()));
    let log = server.log();
    assert!(log.contains("refused the API key"), "{log}");
    assert!(!log.contains("anthropic-key") && !log.contains("gemini-key"));
}
