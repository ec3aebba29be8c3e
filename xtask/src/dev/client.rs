//! The calls a phone makes, over plain HTTP.

use std::path::Path;
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use ureq::Agent;
use ureq::http::Response;

use super::moment::rfc3339;

/// Local vision reads a large photo in seconds; a model may take longer.
const PATIENCE: Duration = Duration::from_mins(2);

const BOUNDARY: &str = "smartsight-study-page";

/// A client of one running server.
pub(crate) struct Client {
    agent: Agent,
    base: String,
}

impl Client {
    pub(crate) fn new(server: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE));
        Self {
            agent: config.build().into(),
            base: format!("{server}/api/v1"),
        }
    }

    /// Sends a photo; the first call without a session opens one.
    pub(crate) fn analyze(
        &self,
        photo: &Path,
        session: Option<&str>,
        taken_at: SystemTime,
    ) -> Result<Value> {
        let url = format!("{}/upload-and-analyze", self.base);
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let mut call = self.agent.post(url).header("Content-Type", kind);
        if let Some(session) = session {
            call = call.header("X-Session-Id", session);
        }
        let answer = call.send(&multipart(photo, taken_at)?);
        read(answer).with_context(|| format!("sending {}", photo.display()))
    }

    /// Ends a session; the answer carries the time per topic.
    pub(crate) fn end(&self, session: &str) -> Result<Value> {
        let url = format!("{}/session/{session}/end", self.base);
        read(self.agent.post(url).send_empty()).context("ending the session")
    }
}

fn multipart(photo: &Path, taken_at: SystemTime) -> Result<Vec<u8>> {
    let image = std::fs::read(photo)?;
    let name = photo.file_name().unwrap_or_default().to_string_lossy();
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"capturedAt\"\r\n\r\n{}\r\n\
         --{BOUNDARY}\r\nContent-Disposition: form-data; name=\"image\"; filename=\"{}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n",
        rfc3339(taken_at),
        name.replace(['"', '\r', '\n'], "_"),
    );
    let tail = format!("\r\n--{BOUNDARY}--\r\n");
    Ok([head.as_bytes(), &image, tail.as_bytes()].concat())
}

fn read(answer: Result<Response<ureq::Body>, ureq::Error>) -> Result<Value> {
    let mut answer = answer?;
    let status = answer.status();
    let text = answer.body_mut().read_to_string()?;
    let mut body: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
    if !status.is_success() {
        bail!("the server answered {status}: {text}");
    }
    Ok(body["data"].take())
}
