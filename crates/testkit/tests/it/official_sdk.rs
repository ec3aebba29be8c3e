//! The provider's own Python SDK takes the simulator for the provider.

use std::path::Path;

use testkit::python;
use testkit::sim::{Asked, Fault, Script, SimOptions, Simulator, Step};

/// Answers as the request's metadata wants it.
fn by_metadata(asked: &Asked) -> Option<Step> {
    let wanted = |name: &str| asked.body["metadata"][name].as_str();
    if wanted("reasoning").is_some() {
        return Some(Step::sample().with_reasoning());
    }
    let once = wanted("once").filter(|_| asked.student_number == 1);
    match wanted("fault").or(once)? {
        "rate_limit" => Some(Step::fault(Fault::RateLimit {
            retry_after_ms: Some(1),
        })),
        name => Some(Step::fault(name.parse().unwrap())),
    }
}

#[tokio::test]
async fn the_official_python_sdk_works_unchanged() {
    let simulator = Simulator::start_with(SimOptions {
        keys: Some(vec!["sk-right".to_owned()]),
        models: Some(vec!["sim-vision".to_owned()]),
        ..SimOptions::default()
    })
    .await;
    simulator.script(Script::new().by(by_metadata));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/openai_sdk.py");
    let output = python::run(
        &script,
        &python::OPENAI_SDK,
        &[simulator.base_url().as_str()],
    );
    let told = String::from_utf8_lossy(&output.stdout);
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}{complaints}");
    // Five faults, each met once and tried again by the SDK.
    assert_eq!(asked_by(&simulator, "retry-"), 10);
}

fn asked_by(simulator: &Simulator, students: &str) -> usize {
    let requests = simulator.requests();
    let students = requests.iter().filter(|request| {
        request
            .student()
            .is_some_and(|student| student.starts_with(students))
    });
    students.count()
}
