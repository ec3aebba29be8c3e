//! What operators get to see of requests, and what they must not.

use std::io::Write;
use std::sync::{Arc, LazyLock, Mutex};

use kernel::UserId;
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::{Value, json};
use tracing::Dispatch;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::MakeWriter;

use crate::harness::{App, PASSWORD};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// While there is one dispatcher only, `tracing` asks the thread that comes first to a line of code
/// whether anybody wants to hear of it, and that may be the thread of another test.
static ANOTHER: LazyLock<Dispatch> =
    LazyLock::new(|| Dispatch::new(tracing_subscriber::registry()));

fn listen(lines: impl Into<Dispatch>) -> DefaultGuard {
    LazyLock::force(&ANOTHER);
    tracing::dispatcher::set_default(&lines.into())
}

#[tokio::test]
async fn a_line_tells_who_asked_for_what_and_how_it_went() {
    let log = Log::default();
    let lines = tracing_subscriber::fmt().json().with_writer(log.clone());
    let _guard = listen(lines.finish());
    let app = App::start().await;
    let client = app.client("ada");
    let session = client.start_session().await;
    let answer = client.get(&format!("/api/session/{session}")).await;
    let text = log.text();
    let line = text.lines().rfind(|line| line.contains("answered"));
    let line: Value = serde_json::from_str(line.unwrap()).unwrap();
    let span = &line["span"];
    assert_eq!(line["fields"]["status"], 200);
    assert!(line["fields"]["latency_ms"].is_number());
    assert_eq!(
        span["request_id"],
        answer.headers["x-request-id"].to_str().unwrap()
    );
    assert_eq!(span["user_id"], UserId::from_name("ada").to_string());
    assert_eq!(span["session_id"], session);
    assert_eq!(
        (&span["method"], &span["route"]),
        (&json!("GET"), &json!("/api/session/{sessionId}"))
    );
}

#[tokio::test]
async fn no_line_holds_a_signature_a_token_a_note_or_what_was_read() {
    let log = Log::default();
    let lines = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE);
    let _guard = listen(lines.with_writer(log.clone()).finish());
    let app = App::start().await;
    let client = app.client("ada");
    let uploaded = client.upload(None).await;
    let link = uploaded.text("s3Url");
    client
        .get(link.strip_prefix("http://localhost:8080").unwrap())
        .await;
    let new = json!({ "analysisId": uploaded.text("analysisId"), "note": "my-secret-note" });
    client.post("/api/v1/bookmark", &new).await.data();
    let request = client
        .request(http::Method::GET, "/api/v1/session")
        .header("authorization", "Bearer my-secret-token");
    client
        .send(request.body(axum::body::Body::empty()).unwrap())
        .await;
    let (text, signature) = (log.text(), link.split("signature=").nth(1).unwrap());
    assert!(text.contains("/api/v1/objects/{*key}"), "{text}");
    for secret in [
        signature,
        "my-secret-note",
        "my-secret-token",
        "A page about",
    ] {
        assert!(!text.contains(secret), "{secret} is in the log");
    }
}

#[tokio::test]
async fn no_line_holds_a_password_a_code_or_a_token_of_accounts() {
    let log = Log::default();
    let lines = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE);
    let _guard = listen(lines.with_writer(log.clone()).finish());
    let app = App::start().await;
    let ada = app.member("ada@example.org").await;
    let code = app.accounts.mailed_code().await;
    let client = app.client("x");
    let answers = [
        ("refresh", json!({ "refreshToken": ada.refresh })),
        ("logout", json!({ "refreshToken": [ada.refresh] })),
        ("email/verify", json!({ "token": code })),
        (
            "password/reset",
            json!({ "token": code, "password": 271_828_182 }),
        ),
        ("google", json!({ "idToken": "my-secret-id-token" })),
    ];
    for (route, body) in answers {
        client.post(&format!("/api/v1/auth/{route}"), &body).await;
    }
    let cookie = client.with("cookie", "google_sign_in=my-secret-cookie");
    let back = "/api/v1/auth/google/callback?code=my-secret-code&state=my-secret-state";
    cookie.get(back).await;
    let (text, token) = (log.text(), ada.token.as_str());
    let secrets = [
        PASSWORD,
        token,
        &ada.refresh,
        &code,
        "271828182",
        "my-secret",
    ];
    for secret in secrets {
        assert!(!text.contains(secret), "{secret} is in the log");
    }
}

#[tokio::test]
async fn metrics_are_labelled_with_templates_and_not_with_what_clients_make_up() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let client = App::start().await.client("ada");
    client.get("/api/v1/session/made-up").await;
    client.get("/made-up").await;
    let strange = client.request("MADEUP".parse().unwrap(), "/api/v1/session");
    client
        .send(strange.body(axum::body::Body::empty()).unwrap())
        .await;
    let text = handle.render();
    let counted = |line: &str| assert!(text.contains(line), "{line} is not in {text}");
    counted(
        r#"http_requests_total{method="GET",route="/api/v1/session/{sessionId}",status="404"} 1"#,
    );
    counted(r#"http_requests_total{method="GET",route="unmatched",status="404"} 1"#);
    counted(r#"http_requests_total{method="OTHER",route="/api/v1/session",status="405"} 1"#);
    counted("http_requests_in_flight 0");
    assert!(
        text.contains("http_request_duration_seconds") && !text.to_lowercase().contains("made"),
        "{text}"
    );
}
