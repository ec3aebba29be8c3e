//! What tests rely on beside the protocol.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Client, Response};
use serde_json::{Value, json};
use testkit::sim::{Fault, Script, SimOptions, Simulator, Step};

async fn post(simulator: &Simulator, body: &Value) -> reqwest::Result<Response> {
    let url = format!("{}/responses", simulator.base_url());
    let request = Client::new().post(url).bearer_auth("any");
    request.body(body.to_string()).send().await
}

fn question() -> Value {
    json!({"model": "m", "input": "hello"})
}

async fn error_code(simulator: &Simulator, body: &Value) -> String {
    let answer = post(simulator, body).await.unwrap();
    let body: Value = answer.json().await.unwrap();
    body["error"]["code"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[tokio::test]
async fn requests_are_recorded_refused_ones_too() {
    let simulator = Simulator::start().await;
    let url = format!("{}/responses", simulator.base_url());
    let answer = Client::new().post(url).body("x").send().await.unwrap();
    assert_eq!(answer.status(), 401);
    let requests = simulator.requests();
    assert_eq!(
        (requests[0].path.as_str(), &requests[0].body[..]),
        ("/v1/responses", &b"x"[..])
    );
}

#[tokio::test]
async fn only_the_newest_requests_are_kept() {
    let simulator = Simulator::start_with(SimOptions {
        keep_requests: 2,
        ..SimOptions::default()
    })
    .await;
    for name in ["a", "b", "c"] {
        let body = json!({"model": name, "input": "x"});
        post(&simulator, &body).await.unwrap();
    }
    let models = simulator.requests();
    let models: Vec<_> = models.iter().map(|r| r.json()["model"].clone()).collect();
    assert_eq!(models, ["b", "c"]);
    assert_eq!(simulator.request_count(), 3);
}

#[tokio::test]
async fn refused_requests_use_up_no_step() {
    let simulator = Simulator::start().await;
    simulator.script(Script::new().queue([Step::text("first")]));
    assert_eq!(post(&simulator, &json!({})).await.unwrap().status(), 400);
    let answer = post(&simulator, &question()).await.unwrap();
    assert!(answer.text().await.unwrap().contains("first"));
}

#[tokio::test]
async fn every_mistake_has_the_providers_code() {
    let simulator = Simulator::start().await;
    let part = |part: Value| json!({"model": "m", "input": [{"role": "user", "content": [part]}]});
    for (body, code) in [
        (json!({"input": "x"}), "missing_required_parameter"),
        (json!({"model": "m"}), "missing_required_parameter"),
        (json!({"model": 1, "input": "x"}), "invalid_type"),
        (
            json!({"model": "m", "input": "x", "stream": "y"}),
            "invalid_type",
        ),
        (
            json!({"model": "m", "input": "x", "max_output_tokens": 1}),
            "integer_below_min_value",
        ),
        (
            json!({"model": "m", "input": "x", "safety_identifier": "s".repeat(129)}),
            "string_above_max_length",
        ),
        (
            json!({"model": "m", "input": [{"role": "robot", "content": ""}]}),
            "invalid_value",
        ),
        (part(json!({"type": "input_picture"})), "invalid_value"),
        (
            part(json!({"type": "input_image"})),
            "missing_required_parameter",
        ),
        (
            part(json!({"type": "input_image", "image_url": "ftp://h/x"})),
            "invalid_image_url",
        ),
        (
            part(json!({"type": "input_image", "image_url": "data:text/plain,x"})),
            "invalid_value",
        ),
        (
            part(json!({"type": "input_image", "image_url": "data:image/bmp;base64,AA=="})),
            "unsupported_image_media_type",
        ),
        (
            part(json!({"type": "input_image", "image_url": "data:image/png;base64,%"})),
            "invalid_base64_image",
        ),
    ] {
        assert_eq!(error_code(&simulator, &body).await, code, "{body}");
    }
}

/// The files that no decoder opens are refused, each with a code, and none takes the server down.
#[tokio::test]
async fn hostile_files_are_refused_or_read() {
    let simulator = Simulator::start().await;
    for name in [
        "truncated.jpg",
        "empty.jpg",
        "text.jpg",
        "bomb-30000.png",
        "animated.gif",
    ] {
        let data = STANDARD.encode(testkit::data::bytes(&format!("bad/{name}")));
        let url = format!("data:image/jpeg;base64,{data}");
        let image = json!({"type": "input_image", "image_url": url});
        let body = json!({"model": "m", "input": [{"role": "user", "content": [image]}]});
        assert_eq!(
            post(&simulator, &body).await.unwrap().status(),
            400,
            "{name}"
        );
    }
}

#[tokio::test]
async fn unknown_paths_and_methods_answer_in_the_envelope() {
    let simulator = Simulator::start().await;
    for (path, status) in [("/nothing", 404), ("/responses", 405)] {
        let url = format!("{}{path}", simulator.base_url());
        let answer = Client::new()
            .get(url)
            .bearer_auth("any")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), status);
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["error"]["type"], "invalid_request_error");
    }
}

#[tokio::test]
async fn hanging_requests_end_with_the_simulator() {
    let simulator = Simulator::start().await;
    simulator.script(Script::new().always(Step::fault(Fault::Hang)));
    let url = format!("{}/responses", simulator.base_url());
    let request = Client::new().post(url).bearer_auth("any");
    let asked = tokio::spawn(request.body(question().to_string()).send());
    simulator.wait_for_requests(1).await;
    drop(simulator);
    let answer = tokio::time::timeout(Duration::from_secs(30), asked).await;
    assert!(answer.unwrap().unwrap().is_err());
}
