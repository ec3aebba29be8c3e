//! One request and its answer over the wire.

use bytes::Bytes;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Response};
use secrecy::{ExposeSecret, SecretString};
use url::Url;
use vision::Sighting;

use crate::failure::{self, Failure, ProviderError};
use crate::response;

/// Bytes of an answer that are read, after decompression; a page of text needs a thousandth.
const MAX_ANSWER: usize = 4 * 1024 * 1024;

/// The way to the provider.
#[derive(Debug)]
pub(crate) struct Exchange {
    pub(crate) client: Client,
    pub(crate) endpoint: Url,
    pub(crate) api_key: Option<SecretString>,
    pub(crate) model: String,
}

impl Exchange {
    /// Sends the body once.
    pub(crate) async fn attempt(&self, body: Bytes) -> Result<Sighting, Failure> {
        let mut request = self
            .client
            .post(self.endpoint.clone())
            .header(CONTENT_TYPE, "application/json")
            .body(body);
        if let Some(key) = &self.api_key {
            request = request.bearer_auth(key.expose_secret());
        }
        let answer = request.send().await.map_err(|error| broken(&error))?;
        self.read(answer).await
    }

    async fn read(&self, answer: Response) -> Result<Sighting, Failure> {
        let (status, headers) = (answer.status(), answer.headers().clone());
        let body = bounded(answer).await?;
        if status.is_success() {
            return response::sighting(&body, &self.model);
        }
        let error = ProviderError::from_body(&body);
        Err(failure::from_status(status, &headers, &error, &self.model))
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
