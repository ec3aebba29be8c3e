//! One page of another system.

use std::time::Duration;

use bytes::Bytes;
use chrono::DateTime;
use kernel::{Fault, PortError, PortResult, Timestamp};
use reqwest::header::{DATE, HeaderMap};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use url::Url;

const ASK: &str = "ask over http";
/// A list of models has a tenth of this.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// Asks once, within a deadline, and follows no redirects. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Probe(Client);

/// What was answered, whatever the status.
#[derive(Debug, Clone)]
pub struct Page {
    /// The status.
    pub status: u16,
    /// The other side's clock when it answered, to the second; `None` where it does not tell.
    pub date: Option<Timestamp>,
    /// The body, unpacked.
    pub body: Bytes,
}

impl Probe {
    /// Every question ends within this time.
    ///
    /// # Errors
    /// `Refused` where the machine has no root certificates.
    pub fn new(within: Duration) -> PortResult<Self> {
        let client = Client::builder()
            .user_agent(concat!("smartsight/", env!("CARGO_PKG_VERSION")))
            .timeout(within)
            .redirect(Policy::none())
            .build();
        let client = client.map_err(|cause| PortError::new(Fault::Refused, ASK, cause));
        client.map(Self)
    }

    /// What stands at the address.
    ///
    /// # Errors
    /// `Unavailable` when no answer comes, `Corrupt` when it is larger than 4 MiB.
    pub async fn get(&self, url: &Url) -> PortResult<Page> {
        self.get_with(url.clone(), HeaderMap::new()).await
    }

    pub(crate) async fn get_with(&self, url: Url, headers: HeaderMap) -> PortResult<Page> {
        let asked = self.0.get(url).headers(headers).send().await;
        let answer = asked.map_err(unavailable)?;
        Ok(Page {
            status: answer.status().as_u16(),
            date: date(answer.headers()),
            body: body(answer).await?,
        })
    }
}

fn date(headers: &HeaderMap) -> Option<Timestamp> {
    let text = headers.get(DATE)?.to_str().ok()?;
    DateTime::parse_from_rfc2822(text).ok().map(Into::into)
}

async fn body(mut answer: Response) -> PortResult<Bytes> {
    let mut body = Vec::new();
    while let Some(portion) = answer.chunk().await.map_err(unavailable)? {
        if body.len() + portion.len() > MOST_BYTES {
            return Err(PortError::bare(Fault::Corrupt, "read an answer: too long"));
        }
        body.extend_from_slice(&portion);
    }
    Ok(body.into())
}

/// Without the address, which may be a link that lets its reader in.
fn unavailable(cause: reqwest::Error) -> PortError {
    PortError::new(Fault::Unavailable, ASK, cause.without_url())
}
