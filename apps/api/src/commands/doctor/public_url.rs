//! The public address: does somebody answer there?

use probe::Probe;
use url::Url;

use super::finding::Finding;
use super::{ANSWER_WITHIN, told};
use crate::settings::{Provider, Settings};

pub(super) const NAME: &str = "public url";
const LIVE: [&str; 2] = ["health", "live"];

pub(super) async fn check(settings: &Settings) -> Vec<Finding> {
    let finding = match &settings.public_url {
        Some(url) => asked(url).await,
        None => unset(settings),
    };
    vec![finding]
}

/// Only a server that runs answers, and a machine need not reach itself from outside.
async fn asked(url: &Url) -> Finding {
    let fix = "start the server; else see that name, port and proxy of SMARTSIGHT_PUBLIC_URL \
               lead to it";
    match live(url).await {
        Ok(200) => Finding::ok(NAME, format!("{url} answers")),
        Ok(status) => Finding::warning(NAME, format!("{url} answers {status}"), fix),
        Err(error) => Finding::warning(NAME, format!("{url}: {}", told(error)), fix),
    }
}

async fn live(url: &Url) -> kernel::PortResult<u16> {
    let mut url = url.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(LIVE);
    }
    let page = Probe::new(ANSWER_WITHIN)?.get(&url).await?;
    Ok(page.status)
}

fn unset(settings: &Settings) -> Finding {
    let is_hosted = |provider: &Provider| !matches!(provider, Provider::Local);
    let message = if settings.vision.providers.iter().any(is_hosted) {
        "not set: providers get images as bytes, not as links"
    } else {
        "not set"
    };
    Finding::ok(NAME, message)
}
