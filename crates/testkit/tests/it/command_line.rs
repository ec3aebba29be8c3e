//! The simulator as a program.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

pub(crate) struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the program and returns it with the base URL it prints.
pub(crate) fn start(args: &[&str]) -> (Running, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_sim"))
        .args(["--port", "0"])
        .args(args)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let stdout = child.stdout.take().unwrap();
    BufReader::new(stdout).read_line(&mut line).unwrap();
    let base = line.trim().rsplit(' ').next().unwrap().to_owned();
    (Running(child), base)
}

async fn ask(base: &str) -> (u16, String) {
    let answer = reqwest::Client::new()
        .post(format!("{base}/responses"))
        .bearer_auth("any")
        .body(r#"{"model": "m", "input": "hello"}"#)
        .send()
        .await
        .unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test]
async fn a_script_file_is_played() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, r#"[{"queue": [{"text": "first"}]}]"#).unwrap();
    let (_running, base) = start(&["--script", file.path().to_str().unwrap()]);
    let (_, first) = ask(&base).await;
    let (_, second) = ask(&base).await;
    assert!(first.contains("\"first\"") && !second.contains("\"first\""));
}

#[tokio::test]
async fn a_fault_strikes_every_nth_request() {
    let (_running, base) = start(&["--fault", "overloaded", "--fault-every", "2", "--quiet"]);
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(ask(&base).await.0);
    }
    assert_eq!(statuses, [200, 503, 200, 503]);
}

#[test]
fn a_mistake_is_a_usage_error() {
    let output = Command::new(env!("CARGO_BIN_EXE_sim"))
        .args(["--fault", "hung"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("`rate_limit`"), "{told}");
}
