//! Somebody who asks until the answer is 200.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use http_api::ErrorCode;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::Value;

use super::chance::Chance;

/// One request in so many is broken off by the client, and sent again.
const BROKEN_OFF: u64 = 12;
const PAUSE: Duration = Duration::from_millis(250);
/// How long one request may be tried; longer than any fault here lasts.
const PATIENCE: Duration = Duration::from_secs(80);

/// What may happen besides the errors of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Server {
    /// Each request gets an answer.
    Stays,
    /// Connections may break and be refused.
    Falls,
}

/// How often each answer came that was not 200.
pub(crate) type Told = Arc<Mutex<BTreeMap<String, usize>>>;

/// Somebody who asks.
pub(crate) struct Insistent {
    http: Client,
    base: String,
    name: String,
    chance: Chance,
    server: Server,
    told: Told,
}

impl Insistent {
    /// A user of this name who asks at `base`.
    pub(crate) fn new(
        (base, name): (&str, String),
        server: Server,
        chance: Chance,
        told: &Told,
    ) -> Self {
        Self {
            http: Client::builder().no_proxy().build().unwrap(),
            base: base.to_owned(),
            name,
            chance,
            server,
            told: Arc::clone(told),
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.request(Method::POST, path)
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.base));
        request.header("X-User-Id", &self.name)
    }

    /// Sends the request under one key until it is answered with 200 and the answer arrives.
    pub(crate) async fn insist(
        &mut self,
        key: &str,
        request: impl Fn(&Self) -> RequestBuilder,
    ) -> Value {
        let begun = Instant::now();
        loop {
            let request = request(self).header("Idempotency-Key", key);
            let told = match self.outcome(request).await {
                Ok(answer) => return answer,
                Err(told) => told,
            };
            assert!(begun.elapsed() < PATIENCE, "{} {key}: {told}", self.name);
            *self.told.lock().unwrap().entry(told).or_default() += 1;
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// The `data` of a 200, or in a word what came instead.
    async fn outcome(&mut self, request: RequestBuilder) -> Result<Value, String> {
        let exchange = async {
            let response = request.send().await?;
            whole(response).await
        };
        let patience = match self.chance.below(BROKEN_OFF) {
            0 => Duration::from_millis(self.chance.below(600)),
            _ => PATIENCE,
        };
        match tokio::time::timeout(patience, exchange).await {
            Err(_) => Err("broken off".to_owned()),
            Ok(Ok((status, body))) => self.judge(status, body),
            Ok(Err(error)) => {
                assert_eq!(self.server, Server::Falls, "no answer: {error:?}");
                Err("no answer".to_owned())
            }
        }
    }

    /// An answer is 200 or an error of the catalogue that tells of a fault elsewhere.
    fn judge(&self, status: StatusCode, mut body: Value) -> Result<Value, String> {
        if status == StatusCode::OK {
            return Ok(body["data"].take());
        }
        let told = body["error"]["code"].as_str().unwrap_or_default();
        let known = ErrorCode::ALL.iter().find(|code| code.as_str() == told);
        let known = known.unwrap_or_else(|| panic!("{}: {status} {body}", self.name));
        assert_eq!(known.status().as_u16(), status.as_u16(), "{body}");
        let passes = status.is_server_error() && *known != ErrorCode::Internal
            || *known == ErrorCode::IdempotencyInProgress;
        assert!(passes, "{}: {status} {body}", self.name);
        Err(told.to_owned())
    }
}

async fn whole(response: Response) -> reqwest::Result<(StatusCode, Value)> {
    let status = response.status();
    Ok((status, response.json().await?))
}
