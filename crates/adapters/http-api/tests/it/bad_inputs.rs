//! What is wrong with a request decides its code.

use axum::body::Body;
use http::{Method, Request};
use serde_json::json;

use crate::harness::{App, Client, form, jpeg};

#[track_caller]
fn expected(code: &'static str) -> (u16, &'static str) {
    let known = http_api::ErrorCode::ALL
        .iter()
        .find(|known| known.as_str() == code)
        .unwrap();
    (known.status().as_u16(), code)
}

#[tokio::test]
async fn a_bad_query_is_refused() {
    let app = App::start().await;
    let client = app.client("ada");
    for path in [
        "/session?limit=0",
        "/session?limit=201",
        "/session?limit=1.0",
        "/session?limit=%2B5",
        "/session?limit=",
        "/session?limit=1&limit=1",
        "/session?cursor=x",
        "/session?cursor=7fffffffffffffff.00000000000000000000000000000000",
        "/session?date=2026-02-30",
        "/session?date=20260301",
        "/session?date=%00",
        "/session?surprise=1",
        "/topic/daily?date=tomorrow",
        "/topic/daily?date=+12026-01-01",
        "/topic/weekly?weekOf=2026-W10",
        "/topic/weekly?weekof=2026-03-01",
        "/help-count?from=x",
        "/help-count?to=0000-01-01",
        "/bookmark?sessionId=1",
        "/bookmark?sessionId=0197a1b2000070008000000000000001",
        "/bookmark?%ff=1",
    ] {
        let answer = client.get(&format!("/api/v1{path}")).await;
        assert_eq!(answer.error(), expected("VALIDATION_FAILED"), "{path}");
    }
}

#[tokio::test]
async fn a_malformed_id_is_one_that_nobody_has() {
    let app = App::start().await;
    let client = app.client("ada");
    for id in [
        "1",
        "%00",
        "%ff",
        "..%2F..",
        "null",
        "0197a1b2000070008000000000000001",
        "%F0%9F%92%A9",
    ] {
        for rest in ["", "/events", "/topic-stats"] {
            let answer = client.get(&format!("/api/v1/session/{id}{rest}")).await;
            assert_eq!(answer.error(), expected("SESSION_NOT_FOUND"), "{id}");
        }
        let end = client
            .post(&format!("/api/v1/session/{id}/end"), &json!({}))
            .await;
        assert_eq!(end.error(), expected("SESSION_NOT_FOUND"), "{id}");
        let note = json!({ "note": "x" });
        let edit = client
            .json(Method::PATCH, &format!("/api/v1/bookmark/{id}"), &note)
            .await;
        assert_eq!(edit.error(), expected("BOOKMARK_NOT_FOUND"), "{id}");
    }
}

async fn send_raw(
    client: &Client,
    path: &str,
    media_type: Option<&str>,
    body: &'static [u8],
) -> (u16, String) {
    let mut request = client.request(Method::POST, path);
    if let Some(media_type) = media_type {
        request = request.header("content-type", media_type);
    }
    let answer = client.send(request.body(Body::from(body)).unwrap()).await;
    let (status, code) = answer.error();
    (status, code.to_owned())
}

#[tokio::test]
async fn a_bad_json_body_is_refused() {
    const JSON: Option<&str> = Some("application/json; charset=utf-8");
    let app = App::start().await;
    let client = app.client("ada");
    let cases: &[(Option<&str>, &[u8], &str)] = &[
        (JSON, b"", "VALIDATION_FAILED"),
        (JSON, b"{", "VALIDATION_FAILED"),
        (JSON, b"null", "VALIDATION_FAILED"),
        (
            JSON,
            b"[\"0197a1b2-0000-7000-8000-000000000001\",null]",
            "VALIDATION_FAILED",
        ),
        (JSON, b"{\"analysisId\":7}", "VALIDATION_FAILED"),
        (JSON, b"{\"analysisId\":null}", "VALIDATION_FAILED"),
        (JSON, b"{\"note\":\"x\"}", "VALIDATION_FAILED"),
        (
            JSON,
            b"{\"analysisId\":\"x\",\"note\":\"a\\u0000b\"}",
            "VALIDATION_FAILED",
        ),
        (
            JSON,
            b"{\"analysisId\":\"x\",\"note\":\"\\ud800\"}",
            "VALIDATION_FAILED",
        ),
        (JSON, b"{\"analysisId\":\"\xff\"}", "VALIDATION_FAILED"),
        (JSON, b"{\"analysisId\":\"x\"}", "ANALYSIS_NOT_FOUND"),
        (None, b"{\"analysisId\":\"x\"}", "UNSUPPORTED_MEDIA_TYPE"),
        (Some("text/plain"), b"{}", "UNSUPPORTED_MEDIA_TYPE"),
        (Some("application/jsonx"), b"{}", "UNSUPPORTED_MEDIA_TYPE"),
    ];
    for (media_type, body, code) in cases {
        let answer = send_raw(&client, "/api/v1/bookmark", *media_type, body).await;
        assert_eq!(
            (answer.0, answer.1.as_str()),
            expected(code),
            "{}",
            body.escape_ascii()
        );
    }
}

#[tokio::test]
async fn a_bad_value_in_a_json_body_is_refused_and_named() {
    let app = App::start().await;
    let client = app.client("ada");
    let cases = [
        (
            Method::PATCH,
            "/user/profile",
            json!({ "name": "x".repeat(201) }),
            "name",
        ),
        (
            Method::PATCH,
            "/user/profile",
            json!({ "name": "a\0" }),
            "name",
        ),
        (
            Method::PATCH,
            "/user/profile",
            json!({ "timeZone": "Mars/Olympus" }),
            "timeZone",
        ),
        (
            Method::POST,
            "/help-count",
            json!({ "topic": "x".repeat(201) }),
            "topic",
        ),
        (
            Method::POST,
            "/bookmark",
            json!({ "analysisId": "x", "note": " ".repeat(2001) }),
            "note",
        ),
    ];
    for (method, path, body, field) in cases {
        let answer = client.json(method, &format!("/api/v1{path}"), &body).await;
        assert_eq!(answer.error(), expected("VALIDATION_FAILED"), "{body}");
        assert_eq!(answer.body["error"]["details"]["field"], field);
    }
    let null = client
        .json(
            Method::PATCH,
            "/api/v1/user/profile",
            &json!({ "timeZone": null }),
        )
        .await;
    assert_eq!(null.error(), expected("VALIDATION_FAILED"));
    let strange = client
        .post("/api/v1/help-count", &json!({ "sessionId": "x" }))
        .await;
    assert_eq!(strange.error(), expected("SESSION_NOT_FOUND"));
}

#[tokio::test]
async fn a_json_body_over_a_megabyte_is_too_large() {
    let app = App::start().await;
    let body = json!({ "note": "x".repeat(1 << 20) });
    let answer = app.client("ada").post("/api/v1/bookmark", &body).await;
    assert_eq!(answer.error(), expected("BODY_TOO_LARGE"));
}

type Parts<'a> = Vec<(&'a str, Option<&'a str>, &'a [u8])>;

#[tokio::test]
async fn a_bad_form_is_refused() {
    let app = App::start().await;
    let client = app.client("ada");
    let (image, large) = (jpeg(), vec![0xff; 10 * 1024 * 1024 + 1]);
    let picture: (&str, Option<&str>, &[u8]) = ("image", Some("p.jpg"), &image);
    let cases: Vec<(Parts<'_>, &'static str)> = vec![
        (vec![], "NO_FILE"),
        (vec![("other", None, b"x")], "NO_FILE"),
        (vec![("image", None, b"")], "NO_FILE"),
        (vec![("image", Some(""), b"")], "NO_FILE"),
        (vec![("image", Some("p.jpg"), b"")], "NOT_AN_IMAGE"),
        (vec![("image", Some("p.jpg"), b"GIF89a")], "NOT_AN_IMAGE"),
        (
            vec![("image", Some("p.jpg"), &image[..image.len() / 2])],
            "NOT_AN_IMAGE",
        ),
        (vec![("image", Some("p.jpg"), &large)], "FILE_TOO_LARGE"),
        (vec![picture, picture], "VALIDATION_FAILED"),
        (
            vec![picture, ("capturedAt", None, b"yesterday")],
            "VALIDATION_FAILED",
        ),
        (
            vec![picture, ("capturedAt", None, b"")],
            "VALIDATION_FAILED",
        ),
        (
            vec![picture, ("capturedAt", None, &[0xff; 300])],
            "VALIDATION_FAILED",
        ),
        (
            vec![picture, ("sessionId", None, b"\xff")],
            "VALIDATION_FAILED",
        ),
        (
            vec![picture, ("sessionId", None, b"\0")],
            "SESSION_NOT_FOUND",
        ),
        (
            vec![("other", None, &large), ("another", None, &large)],
            "FILE_TOO_LARGE",
        ),
    ];
    for (parts, code) in cases {
        for path in ["/api/v1/upload-and-analyze", "/api/v1/analyze"] {
            let answer = client.form(path, form("XX", &parts)).await;
            assert_eq!(answer.error(), expected(code), "{path}");
        }
    }
    assert_eq!((app.model.calls(), app.stored_objects()), (0, 0));
}

#[tokio::test]
async fn a_body_that_is_no_form_is_refused() {
    let app = App::start().await;
    let client = app.client("ada");
    let cases: &[(Option<&str>, &[u8], &str)] = &[
        (None, b"", "NO_FILE"),
        (Some("multipart/form-data"), b"", "VALIDATION_FAILED"),
        (
            Some("multipart/form-data; boundary=XX"),
            b"",
            "VALIDATION_FAILED",
        ),
        (
            Some("multipart/form-data; boundary=XX"),
            b"--XX\r\nCont",
            "VALIDATION_FAILED",
        ),
        (Some("image/jpeg"), b"\xff\xd8", "NO_FILE"),
        (
            Some("application/x-www-form-urlencoded"),
            b"image=x",
            "NO_FILE",
        ),
    ];
    for path in [
        "/api/v1/upload-and-analyze",
        "/api/v1/upload",
        "/api/v1/analyze",
    ] {
        for (media_type, body, code) in cases {
            let answer = send_raw(&client, path, *media_type, body).await;
            assert_eq!(
                (answer.0, answer.1.as_str()),
                expected(code),
                "{path} {media_type:?}"
            );
        }
    }
}

#[tokio::test]
async fn analyze_without_a_key_has_no_file_and_a_strange_key_is_nobodys() {
    let app = App::start().await;
    let client = app.client("ada");
    for (body, code) in [
        (json!({}), "NO_FILE"),
        (json!({ "s3Key": null }), "NO_FILE"),
        (json!({ "s3Key": "../../etc/passwd" }), "OBJECT_NOT_FOUND"),
        (json!({ "s3Key": "\0" }), "OBJECT_NOT_FOUND"),
        (json!({ "s3Key": 7 }), "VALIDATION_FAILED"),
        (
            json!({ "s3Key": "uploads/x", "sessionId": "x" }),
            "SESSION_NOT_FOUND",
        ),
    ] {
        let answer = client.post("/api/v1/analyze", &body).await;
        assert_eq!(answer.error(), expected(code), "{body}");
    }
    let stored = client.with("x-session-id", "0197a1b2-0000-7000-8000-000000000001");
    let body = json!({ "s3Key": "uploads/x", "sessionId": "" });
    let answer = stored.post("/api/v1/analyze", &body).await;
    assert_eq!(answer.error(), expected("SESSION_NOT_FOUND"));
    for (mode, code) in [("async", "NO_FILE"), ("later", "VALIDATION_FAILED")] {
        let path = format!("/api/v1/analyze?mode={mode}");
        let answer = client.post(&path, &json!({})).await;
        assert_eq!(answer.error(), expected(code), "{mode}");
    }
}

#[tokio::test]
async fn a_bad_header_is_refused() {
    let app = App::start().await;
    let client = app.client("ada");
    for key in ["", "a b", "é", &"x".repeat(201)] {
        let request = client.request(Method::POST, "/api/v1/session/start");
        let request = request.header("idempotency-key", key.as_bytes());
        let answer = client.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.error(), expected("VALIDATION_FAILED"), "{key}");
    }
    let body = form("XX", &[("image", Some("p.jpg"), &jpeg())]);
    let request = client
        .request(Method::POST, "/api/v1/upload-and-analyze")
        .header("content-type", "multipart/form-data; boundary=XX")
        .header("x-session-id", &b"\xff"[..]);
    let answer = client.send(request.body(Body::from(body)).unwrap()).await;
    assert_eq!(answer.error(), expected("SESSION_NOT_FOUND"));
}

#[tokio::test]
async fn unknown_routes_and_methods_have_the_envelope_too() {
    let app = App::start().await;
    let client = app.client("ada");
    for path in [
        "/",
        "/api",
        "/api/v1/",
        "/api/v2/session",
        "/api/v1/session/",
        "/nothing%00",
    ] {
        assert_eq!(
            client.get(path).await.error(),
            expected("NOT_FOUND"),
            "{path}"
        );
    }
    for (method, path, allow) in [
        (Method::PUT, "/api/v1/session/start", "POST"),
        (Method::POST, "/api/session/active", "GET,HEAD"),
        (Method::TRACE, "/health/live", "GET,HEAD"),
        (Method::PUT, "/api/bookmark", "POST,GET,HEAD"),
    ] {
        let request: Request<Body> = client.request(method, path).body(Body::empty()).unwrap();
        let answer = client.send(request).await;
        assert_eq!(answer.error(), expected("METHOD_NOT_ALLOWED"), "{path}");
        assert_eq!(answer.headers["allow"], allow, "{path}");
    }
}
