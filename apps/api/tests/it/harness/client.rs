//! A client as a phone would be.

use reqwest::multipart::{Form, Part};
use reqwest::{Method, StatusCode};
use serde_json::Value;

/// Talks to one server as one user.
#[derive(Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
    who: Who,
}

/// How a client says who it is.
#[derive(Clone)]
enum Who {
    Nobody,
    Named(String),
    Bearer(String),
}

/// Status, headers and JSON body of an answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    /// The `data` of a success.
    #[track_caller]
    pub(crate) fn data(&self) -> &Value {
        assert_eq!(
            (self.status, &self.body["success"]),
            (StatusCode::OK, &Value::Bool(true)),
            "{self:?}"
        );
        &self.body["data"]
    }

    /// Status and code of a failure, whose envelope must be whole.
    #[track_caller]
    pub(crate) fn error(&self) -> (u16, String) {
        assert_eq!(self.body["success"], Value::Bool(false), "{self:?}");
        let error = &self.body["error"];
        assert!(
            error["message"].is_string() && error["requestId"].is_string(),
            "{self:?}"
        );
        (
            self.status.as_u16(),
            error["code"].as_str().unwrap().to_owned(),
        )
    }
}

/// So that a balancer in front of several servers sends each request to the next one.
fn one_request_a_connection() -> reqwest::Client {
    let client = reqwest::Client::builder().pool_max_idle_per_host(0);
    client.build().unwrap()
}

impl Client {
    /// A client that names its user, as open mode allows.
    pub(crate) fn new(base: &str, user: &str) -> Self {
        Self {
            who: Who::Named(user.to_owned()),
            ..Self::stranger(base)
        }
    }

    /// A client that does not say who it is.
    pub(crate) fn stranger(base: &str) -> Self {
        Self {
            http: one_request_a_connection(),
            base: base.to_owned(),
            who: Who::Nobody,
        }
    }

    /// The same client with an access token.
    pub(crate) fn bearing(&self, access: &str) -> Self {
        Self {
            who: Who::Bearer(access.to_owned()),
            ..self.clone()
        }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        match &self.who {
            Who::Nobody => request,
            Who::Named(user) => request.header("X-User-Id", user),
            Who::Bearer(access) => request.bearer_auth(access),
        }
    }

    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Answer {
            status,
            headers,
            body,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::POST, path).json(&body))
            .await
    }

    /// Uploads a file for analysis, in a session where given.
    pub(crate) async fn upload(&self, file: Vec<u8>, name: &str, session: Option<&str>) -> Answer {
        let form = Form::new().part("image", Part::bytes(file).file_name(name.to_owned()));
        self.upload_form(form, session).await
    }

    /// Sends a form for analysis, with the session in the header where given.
    pub(crate) async fn upload_form(&self, form: Form, session: Option<&str>) -> Answer {
        let request = self
            .request(Method::POST, "/api/upload-and-analyze")
            .multipart(form);
        let request = match session {
            Some(session) => request.header("X-Session-Id", session),
            None => request,
        };
        self.send(request).await
    }

    /// Starts a session.
    pub(crate) async fn start_session(&self) -> String {
        let answer = self.post("/api/session/start", serde_json::json!({})).await;
        answer.data()["sessionId"].as_str().unwrap().to_owned()
    }
}
