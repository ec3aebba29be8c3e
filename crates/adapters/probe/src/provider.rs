//! A provider of models: is the key taken, is the model there?

use kernel::PortError;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;

use crate::page::{Page, Probe};

/// The version of its protocol that questions are written in.
const ANTHROPIC_VERSION: &str = "2026-10-21";
/// The longest page each provider gives.
const PAGE: &str = "1000";

/// Whose protocol a provider speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Api {
    /// `GET {base}/models`.
    OpenAi,
    /// `GET {base}/v1/models`.
    Anthropic,
    /// `GET {base}/v1beta/models`.
    Gemini,
}

/// Where a provider is and who asks.
#[derive(Debug, Clone)]
pub struct Provider {
    /// Its protocol.
    pub api: Api,
    /// The address above its paths.
    pub base_url: Url,
    /// Servers in the own house may need none.
    pub key: Option<SecretString>,
}

/// The provider cannot be used like this.
#[derive(Debug, thiserror::Error)]
pub enum ProviderFault {
    /// It did not answer.
    #[error("no answer")]
    Silent(#[source] PortError),
    /// It does not take the key.
    #[error("the key is refused ({0})")]
    Key(u16),
    /// The key has characters that no header can carry, or the address cannot be built upon.
    #[error("the key or the address cannot be sent")]
    Unsendable,
    /// It wants no more questions for now; the key is good.
    #[error("the account is over its limit (429)")]
    Limited,
    /// It has no such model, or not for this key.
    #[error("there is no model `{0}` for this key")]
    Model(String),
    /// Another answer.
    #[error("it answers {0}")]
    Status(u16),
}

impl Provider {
    /// Asks for the list of models, and for this one alone where the list does not name it: names
    /// may stand for others.
    ///
    /// # Errors
    /// [`ProviderFault`] says what an operator has to mend.
    pub async fn has(&self, model: &str, probe: &Probe) -> Result<(), ProviderFault> {
        let list = self.ask(probe, None).await?;
        match list.status {
            200..300 if self.names(&list, model) => return Ok(()),
            // Some servers list nothing and know their model by name.
            200..300 | 404 | 405 => {}
            status => return Err(fault(status)),
        }
        let one = self.ask(probe, Some(model)).await?;
        match one.status {
            200..300 => Ok(()),
            404 => Err(ProviderFault::Model(model.to_owned())),
            status => Err(fault(status)),
        }
    }

    async fn ask(&self, probe: &Probe, model: Option<&str>) -> Result<Page, ProviderFault> {
        let (url, headers) = self
            .address(model)
            .zip(self.headers())
            .ok_or(ProviderFault::Unsendable)?;
        let asked = probe.get_with(url, headers).await;
        asked.map_err(ProviderFault::Silent)
    }

    fn address(&self, model: Option<&str>) -> Option<Url> {
        let (path, size) = match self.api {
            Api::OpenAi => (&["models"][..], None),
            Api::Anthropic => (&["v1", "models"][..], Some("limit")),
            Api::Gemini => (&["v1beta", "models"][..], Some("pageSize")),
        };
        let mut url = self.base_url.clone();
        url.path_segments_mut()
            .ok()?
            .pop_if_empty()
            .extend(path)
            .extend(model.map(bare));
        if let (Some(size), None) = (size, model) {
            url.query_pairs_mut().append_pair(size, PAGE);
        }
        Some(url)
    }

    fn headers(&self) -> Option<HeaderMap> {
        let mut headers = HeaderMap::new();
        if self.api == Api::Anthropic {
            let version = HeaderValue::from_static(ANTHROPIC_VERSION);
            headers.insert(HeaderName::from_static("anthropic-version"), version);
        }
        let Some(key) = &self.key else {
            return Some(headers);
        };
        let key = key.expose_secret().trim();
        let (name, text) = match self.api {
            Api::OpenAi => (AUTHORIZATION, format!("Bearer {key}")),
            Api::Anthropic => (HeaderName::from_static("x-api-key"), key.to_owned()),
            Api::Gemini => (HeaderName::from_static("x-goog-api-key"), key.to_owned()),
        };
        let mut value = HeaderValue::try_from(text).ok()?;
        value.set_sensitive(true);
        headers.insert(name, value);
        Some(headers)
    }

    /// Whether the list has the model.
    fn names(&self, page: &Page, model: &str) -> bool {
        let list: Value = serde_json::from_slice(&page.body).unwrap_or_default();
        let (list, name) = match self.api {
            Api::OpenAi | Api::Anthropic => (&list["data"], "id"),
            Api::Gemini => (&list["models"], "name"),
        };
        let models = list.as_array().into_iter().flatten();
        let mut names = models.filter_map(|model| model[name].as_str());
        names.any(|name| bare(name) == bare(model))
    }
}

/// The name without what Gemini puts before it.
fn bare(model: &str) -> &str {
    model.strip_prefix("models/").unwrap_or(model)
}

/// Gemini tells of a wrong key with 400.
fn fault(status: u16) -> ProviderFault {
    match status {
        400 | 401 | 403 => ProviderFault::Key(status),
        429 => ProviderFault::Limited,
        status => ProviderFault::Status(status),
    }
}
