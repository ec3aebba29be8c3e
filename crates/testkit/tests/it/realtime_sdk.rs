//! The provider's own realtime client takes the simulator for the provider.

use std::path::Path;

use serde_json::json;
use testkit::python::{self, RealtimeSide};
use testkit::sim::realtime::{Answer, Life, Plan, RealtimeConnection, RealtimeScript};
use testkit::sim::{SimOptions, Simulator};

/// Connections are numbered as the cases of the Python script.
fn script() -> RealtimeScript {
    let story = "Once upon a time there was a leaf that ate light.";
    RealtimeScript::new()
        .connection(5, [Answer::say_for(story, 3000).hold_at(1000)])
        .connection(6, [Answer::say_for(story, 3000).hold_at(400)])
        .connection(7, [Answer::call("bookmark", json!({"note": "page 3"}))])
        .connection(
            13,
            [
                Answer::failed("server_error"),
                Answer::say(story).cut_by("max_output_tokens"),
            ],
        )
        .plan(5, Plan::new().late_truncated())
        .plan(14, Plan::new().life(Life::AudioMs(1000)))
}

#[tokio::test]
async fn the_official_python_realtime_client_works_unchanged() {
    let simulator = Simulator::start_with(SimOptions {
        keys: Some(vec!["sk-right".to_owned()]),
        models: Some(vec!["sim-realtime".to_owned()]),
        ..SimOptions::default()
    })
    .await;
    simulator.realtime().script(script());
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/realtime_sdk.py");
    let speech = testkit::data::path("speech/question-photosynthesis.wav");
    let base = simulator.base_url();
    let arguments = [base.as_str(), speech.to_str().unwrap()];
    let output = python::run(&program, &python::OPENAI_SDK, &arguments);
    let told = String::from_utf8_lossy(&output.stdout);
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}{complaints}");
    everything_sent_is_of_the_sdks_types(&simulator);
}

fn everything_sent_is_of_the_sdks_types(simulator: &Simulator) {
    let connections = simulator.realtime().connections();
    let sent: String = connections
        .iter()
        .map(RealtimeConnection::sent_lines)
        .collect();
    assert!(sent.lines().count() > 300);
    assert_eq!(
        python::validate_realtime_events(RealtimeSide::Server, &sent),
        Ok(())
    );
}
