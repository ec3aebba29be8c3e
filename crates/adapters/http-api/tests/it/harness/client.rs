//! A client; each of its answers is held against the document.

use axum::Router;
use axum::body::{Body, to_bytes};
use http::{HeaderMap, Method, Request, StatusCode};
use serde_json::Value;
use tower::ServiceExt;

use super::Contract;

/// Talks to a router as one user.
#[derive(Clone)]
pub(crate) struct Client {
    router: Router,
    user: String,
    extra: Vec<(String, String)>,
}

/// An answer, read.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
    pub(crate) body: Value,
}

impl Client {
    pub(crate) fn new(router: Router, user: &str) -> Self {
        Self {
            router,
            user: user.to_owned(),
            extra: Vec::new(),
        }
    }

    /// The same client, sending this header too.
    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        let mut client = self.clone();
        client.extra.push((name.to_owned(), value.to_owned()));
        client
    }

    /// The same client with this access token.
    pub(crate) fn bearing(&self, token: &str) -> Self {
        self.with("authorization", &format!("Bearer {token}"))
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> http::request::Builder {
        let request = Request::builder().method(method).uri(path);
        let request = request
            .header("host", "localhost:8080")
            .header("x-user-id", &self.user);
        let add = |request: http::request::Builder, (name, value): &(String, String)| {
            request.header(name, value)
        };
        self.extra.iter().fold(request, add)
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        let answer = Answer {
            status: parts.status,
            headers: parts.headers,
            body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
            bytes,
        };
        Contract::get().check(&method, &path, &answer);
        answer
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        let request = self.request(Method::GET, path);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn empty(&self, method: Method, path: &str) -> Answer {
        let request = self.request(method, path);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn json(&self, method: Method, path: &str, body: &Value) -> Answer {
        let request = self
            .request(method, path)
            .header("content-type", "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap())
            .await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        self.json(Method::POST, path, body).await
    }

    /// Sends a form made by [`form`].
    pub(crate) async fn form(&self, path: &str, body: Vec<u8>) -> Answer {
        let request = self.request(Method::POST, path);
        let request = request.header("content-type", "multipart/form-data; boundary=XX");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// Uploads an image for analysis, in a session where given.
    pub(crate) async fn upload(&self, session: Option<&str>) -> Answer {
        let image = jpeg();
        let mut parts = vec![("image", Some("page.jpg"), image.as_slice())];
        parts.extend(session.map(|id| ("sessionId", None, id.as_bytes())));
        self.form("/api/v1/upload-and-analyze", form("XX", &parts))
            .await
    }

    /// Starts a session.
    pub(crate) async fn start_session(&self) -> String {
        let answer = self.post("/api/v1/session/start", &Value::Null).await;
        answer.text("sessionId")
    }
}

impl Answer {
    /// The `data` of a success.
    #[track_caller]
    pub(crate) fn data(&self) -> &Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.body);
        assert_eq!(self.body["success"], Value::Bool(true), "{}", self.body);
        &self.body["data"]
    }

    /// A text of `data`.
    #[track_caller]
    pub(crate) fn text(&self, name: &str) -> String {
        self.data()[name].as_str().unwrap().to_owned()
    }

    /// The value of the cookie that the answer sets for this path.
    pub(crate) fn cookie(&self, name: &str, path: &str) -> Option<String> {
        let path = format!("; Path={path};");
        let all = self.headers.get_all("set-cookie").iter();
        let mut texts = all.map(|value| value.to_str().unwrap());
        let found =
            texts.find(|text| text.starts_with(&format!("{name}=")) && text.contains(&path));
        let value = found?.split([';', '=']).nth(1).unwrap();
        Some(value.to_owned())
    }

    /// Status and code of a failure.
    #[track_caller]
    pub(crate) fn error(&self) -> (u16, &str) {
        let code = self.body["error"]["code"].as_str();
        let code = code.unwrap_or_else(|| panic!("no envelope: {} {}", self.status, self.body));
        (self.status.as_u16(), code)
    }

    /// `data` with ids, keys and links replaced by words, for snapshots.
    #[track_caller]
    pub(crate) fn masked(&self) -> Value {
        let mut data = self.data().clone();
        mask(&mut data);
        data
    }
}

fn mask(value: &mut Value) {
    match value {
        Value::String(text) if text.parse::<uuid::Uuid>().is_ok() => "[id]".clone_into(text),
        Value::String(text) if text.starts_with("uploads/") => "[key]".clone_into(text),
        Value::String(text) if text.starts_with("http://") => "[link]".clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(mask),
        Value::Object(members) => members.values_mut().for_each(mask),
        _ => {}
    }
}

/// A multipart body: name, file name and bytes of each part.
pub(crate) fn form(boundary: &str, parts: &[(&str, Option<&str>, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, bytes) in parts {
        let file = file
            .map(|file| format!("; filename=\"{file}\""))
            .unwrap_or_default();
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    body
}

/// A small picture.
pub(crate) fn jpeg() -> Vec<u8> {
    testkit::data::bytes("bad/grey.jpg")
}
