//! The adapter in front of a provider.

use std::time::SystemTime;

use google::{BrowserClient, Google, GoogleSettings};
use kernel::Timestamp;
use testkit::openid::Provider;

pub(crate) const REDIRECT: &str = "http://127.0.0.1:1/callback";

/// What the adapter is told of a provider.
pub(crate) fn settings(provider: &Provider) -> GoogleSettings {
    GoogleSettings {
        issuer: provider.issuer().to_owned(),
        client_ids: vec![Provider::CLIENT_ID.to_owned(), "phone".to_owned()],
        browser: Some(BrowserClient {
            secret: Provider::CLIENT_SECRET.into(),
            redirect_url: REDIRECT.parse().unwrap(),
        }),
    }
}

pub(crate) fn google(provider: &Provider) -> Google {
    Google::new(settings(provider)).unwrap()
}

pub(crate) fn now() -> Timestamp {
    SystemTime::now().into()
}
