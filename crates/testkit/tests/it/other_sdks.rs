//! The official Python SDKs of Anthropic and Google take the simulator for their provider.

use std::path::Path;

use testkit::python;
use testkit::sim::{Asked, Fault, Script, SimOptions, Simulator, Step};

/// Answers as a word of the request wants it.
fn by_word(asked: &Asked) -> Option<Step> {
    let body = asked.body.to_string();
    if body.contains("reasoning") {
        return Some(Step::sample().with_reasoning());
    }
    let wanted = |begin: &str| {
        let (_, rest) = body.split_once(begin)?;
        rest.split('"').next().map(str::to_owned)
    };
    match wanted("fault:")?.as_str() {
        "rate_limit" => Some(Step::fault(Fault::RateLimit {
            retry_after_ms: Some(1),
        })),
        name => Some(Step::fault(name.parse().unwrap())),
    }
}

/// The same for the first request that has the word.
fn once(asked: &Asked, met: &std::sync::Mutex<Vec<String>>) -> Option<Step> {
    let body = asked.body.to_string();
    let (_, rest) = body.split_once("once:")?;
    let name = rest.split('"').next()?.to_owned();
    let mut met = met.lock().unwrap();
    if met.contains(&name) {
        return None;
    }
    met.push(name.clone());
    Some(match name.as_str() {
        "rate_limit" => Step::fault(Fault::RateLimit {
            retry_after_ms: Some(1),
        }),
        name => Step::fault(name.parse().unwrap()),
    })
}

async fn play(program: &str, requirements: &[&str]) {
    let simulator = Simulator::start_with(SimOptions {
        keys: Some(vec!["sk-right".to_owned()]),
        models: Some(vec!["sim-vision".to_owned()]),
        ..SimOptions::default()
    })
    .await;
    let met = std::sync::Mutex::default();
    simulator.script(Script::new().by(by_word).by(move |asked| once(asked, &met)));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(program);
    let base = simulator.origin();
    let base = base.as_str().trim_end_matches('/');
    let output = python::run(&script, requirements, &[base]);
    let told = String::from_utf8_lossy(&output.stdout);
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}{complaints}");
}

#[tokio::test]
async fn anthropics_python_sdk_works_unchanged() {
    play("tests/python/anthropic_sdk.py", &python::ANTHROPIC_SDK).await;
}

#[tokio::test]
async fn googles_python_sdk_works_unchanged() {
    play("tests/python/gemini_sdk.py", &python::GEMINI_SDK).await;
}
