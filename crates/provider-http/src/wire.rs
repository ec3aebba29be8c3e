//! One request and its answer over the wire.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};
use url::Url;

use crate::failure::Failure;

/// Bytes of an answer that are read, after decompression; a page of text needs a thousandth.
const MAX_ANSWER: usize = 4 * 1024 * 1024;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The way to one address of a provider. Keeps its connections.
#[derive(Debug)]
pub(crate) struct Wire {
    client: Client,
    address: Url,
    headers: HeaderMap,
}

/// An answer that arrived whole.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, unpacked.
    pub body: Vec<u8>,
}

impl Wire {
    /// A way to `address` with `headers` on every request; values that are secret should be marked
    /// sensitive. Nothing is sent. Redirects are not followed: a photograph goes only where the
    /// settings say.
    ///
    /// # Errors
    /// When the HTTP client cannot be set up, as on a machine without root certificates.
    pub(crate) fn to(address: Url, headers: HeaderMap) -> Result<Self, reqwest::Error> {
        let mut builder = Client::builder()
            .user_agent(concat!("smartsight/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(Policy::none());
        if address.scheme() == "http" {
            // A machine without root certificates can still ask a server in the own house.
            builder = builder.tls_certs_only([]);
        }
        Ok(Self {
            client: builder.build()?,
            address,
            headers,
        })
    }

    /// Sends a JSON body once.
    ///
    /// # Errors
    /// A fault on the way, or an answer beyond 4 MiB. An error status is an answer.
    pub(crate) async fn post(&self, body: Bytes) -> Result<Answer, Failure> {
        let request = self
            .client
            .post(self.address.clone())
            .headers(self.headers.clone())
            .headers(trace_context::headers())
            .header(CONTENT_TYPE, "application/json")
            .body(body);
        let answer = request.send().await.map_err(|error| broken(&error))?;
        Ok(Answer {
            status: answer.status(),
            headers: answer.headers().clone(),
            body: bounded(answer).await?,
        })
    }
}

async fn bounded(mut answer: Response) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| broken(&error))? {
        if body.len() + chunk.len() > MAX_ANSWER {
            return Err(Failure::bad_output("the response is larger than 4 MiB"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Says which part of the way failed and its root cause, without the address.
fn broken(error: &reqwest::Error) -> Failure {
    let stage = if error.is_connect() {
        "no connection to the provider"
    } else {
        "the connection to the provider broke"
    };
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    let root = if std::ptr::addr_eq(cause, error) {
        String::new()
    } else {
        format!(": {cause}")
    };
    Failure::transport(format!("{stage}{root}"))
}
