//! Fetching from the issuer.

use std::sync::Arc;
use std::time::Duration;

use calls::{CallRules, Guard};
use chrono::TimeDelta;
use kernel::{Fault, PortError, PortResult};
use patience::{Backoff, BreakerRules};
use reqwest::header::{CACHE_CONTROL, HeaderMap};
use reqwest::redirect::Policy;
use reqwest::{Client, Request, Response, StatusCode};
use serde::de::DeserializeOwned;
use url::Url;

const ASK: &str = "ask the issuer";
/// Of one attempt.
const TIMEOUT: Duration = Duration::from_secs(5);
const RULES: CallRules = CallRules {
    within: Duration::from_secs(8),
    retries: Backoff {
        retries: 1,
        first: Duration::from_millis(200),
        longest: Duration::from_millis(200),
    },
    breaker: BreakerRules {
        failures: 5,
        window: Duration::from_secs(30),
        pause: Duration::from_secs(2),
        longest_pause: Duration::from_secs(30),
        trial: Duration::from_secs(8),
    },
};
const MAX_BYTES: usize = 1024 * 1024;
/// Without a word about it, and never shorter or longer than this.
const DEFAULT_AGE: TimeDelta = TimeDelta::minutes(5);
const MIN_AGE: TimeDelta = TimeDelta::seconds(30);
const MAX_AGE: TimeDelta = TimeDelta::days(1);

/// The way to the issuer. Clones share its connections, and that it is left alone.
#[derive(Debug, Clone)]
pub(crate) struct Fetch {
    client: Client,
    guard: Arc<Guard>,
}

impl Fetch {
    /// Redirects are not followed: keys come from where the issuer says, or not at all.
    pub(crate) fn new() -> reqwest::Result<Self> {
        let client = Client::builder()
            .user_agent(concat!("smartsight/", env!("CARGO_PKG_VERSION")))
            .timeout(TIMEOUT)
            .redirect(Policy::none())
            .build()?;
        let guard = Arc::new(Guard::new("google", RULES));
        Ok(Self { client, guard })
    }

    /// A JSON document, and how long it may be kept.
    pub(crate) async fn json<T: DeserializeOwned>(&self, url: &Url) -> PortResult<(T, TimeDelta)> {
        self.guard.repeating(ASK, || self.document(url)).await
    }

    /// Sends a request that must not be sent twice.
    pub(crate) async fn once(
        &self,
        request: Request,
    ) -> PortResult<(StatusCode, HeaderMap, Vec<u8>)> {
        let answered = self.guard.once(ASK, async {
            let response = self.client.execute(request).await.map_err(unavailable)?;
            let (status, headers) = (response.status(), response.headers().clone());
            Ok((status, headers, body(response).await?))
        });
        answered.await
    }

    async fn document<T: DeserializeOwned>(&self, url: &Url) -> PortResult<(T, TimeDelta)> {
        let response = self.client.get(url.clone()).send().await;
        let response = response.and_then(Response::error_for_status);
        let response = response.map_err(unavailable)?;
        let keep_for = age(response.headers());
        let body = body(response).await?;
        let document = serde_json::from_slice(&body)
            .map_err(|cause| PortError::new(Fault::Corrupt, "read the issuer's document", cause))?;
        Ok((document, keep_for))
    }
}

/// The body, if it is of a reasonable size.
async fn body(mut response: Response) -> PortResult<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unavailable)? {
        if body.len() + chunk.len() > MAX_BYTES {
            return Err(PortError::bare(
                Fault::Corrupt,
                "read the issuer's document: it is too long",
            ));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

pub(crate) fn unavailable(cause: reqwest::Error) -> PortError {
    PortError::new(Fault::Unavailable, ASK, cause)
}

fn age(headers: &HeaderMap) -> TimeDelta {
    let values = headers.get_all(CACHE_CONTROL).into_iter();
    let texts = values.filter_map(|value| value.to_str().ok());
    let directives = texts.flat_map(|text| text.split(','));
    let mut age = DEFAULT_AGE;
    for directive in directives {
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        match name.trim().to_ascii_lowercase().as_str() {
            "no-store" | "no-cache" => return MIN_AGE,
            "max-age" => age = seconds(value).unwrap_or(age),
            _ => {}
        }
    }
    age.clamp(MIN_AGE, MAX_AGE)
}

fn seconds(value: &str) -> Option<TimeDelta> {
    let value: u32 = value.trim().trim_matches('"').parse().ok()?;
    Some(TimeDelta::seconds(value.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(header: &str, expected: TimeDelta) {
        let mut headers = HeaderMap::new();
        headers.insert(CACHE_CONTROL, header.parse().unwrap());
        assert_eq!(age(&headers), expected, "{header}");
    }

    #[test]
    fn documents_are_kept_as_long_as_their_headers_say_within_bounds() {
        check(
            "public, max-age=19845, must-revalidate",
            TimeDelta::seconds(19845),
        );
        check("Max-Age=\"600\"", TimeDelta::seconds(600));
        check("max-age=0", MIN_AGE);
        check("no-store", MIN_AGE);
        check("max-age=600, no-cache", MIN_AGE);
        check("max-age=99999999", MAX_AGE);
        check("max-age=soon", DEFAULT_AGE);
        assert_eq!(age(&HeaderMap::new()), DEFAULT_AGE);
    }
}
