//! Making the client.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_s3::Client;
use aws_sdk_s3::config::{Credentials, ProvideCredentials};
use calls::CallRules;
use kernel::{Fault, PortError, PortResult};
use patience::{Backoff, BreakerRules};
use secrecy::ExposeSecret;

use crate::settings::{AccessKeys, S3Settings};

const CREDENTIALS: &str = "find credentials for S3";
const ATTEMPTS: u32 = 3;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// Callers keep the time themselves; one that does not is given up so much later.
const GRACE: Duration = Duration::from_secs(1);
/// Images wait in the spool while the bucket is left alone: it may be soon, and is short.
const BREAKER: BreakerRules = BreakerRules {
    failures: 5,
    window: Duration::from_secs(30),
    pause: Duration::from_secs(1),
    longest_pause: Duration::from_secs(10),
    trial: Duration::from_secs(10),
};

/// How the bucket is asked. The SDK repeats failed attempts.
pub(crate) fn rules(deadline: Duration) -> CallRules {
    CallRules {
        within: deadline + GRACE,
        retries: Backoff::NEVER,
        breaker: BREAKER,
    }
}

/// Who asks the server, and who signs links.
pub(crate) struct Clients {
    pub(crate) calls: Client,
    /// Knows the address that others reach the server by; never sends anything.
    pub(crate) links: Client,
}

/// Clients of the server that the settings name. Fails if there are no credentials; the server
/// itself is not asked yet.
pub(crate) async fn clients(settings: &S3Settings) -> PortResult<Clients> {
    let shared = shared_config(settings).await;
    require_credentials(&shared).await?;
    let style = settings.force_path_style;
    let config = aws_sdk_s3::config::Builder::from(&shared).force_path_style(style);
    let calls = Client::from_conf(config.clone().build());
    let links = match &settings.public_endpoint_url {
        Some(url) => Client::from_conf(config.endpoint_url(url.as_str()).build()),
        None => calls.clone(),
    };
    Ok(Clients { calls, links })
}

async fn shared_config(settings: &S3Settings) -> SdkConfig {
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new(settings.region.clone()))
        .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
        .timeout_config(timeouts(settings.deadline));
    if let Some(url) = &settings.endpoint_url {
        loader = loader.endpoint_url(url.as_str());
    }
    if let Some(keys) = &settings.keys {
        loader = loader.credentials_provider(credentials(keys));
    }
    loader.load().await
}

fn timeouts(deadline: Duration) -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT.min(deadline / 2))
        .operation_attempt_timeout(deadline / 2)
        .operation_timeout(deadline)
        .build()
}

fn credentials(keys: &AccessKeys) -> Credentials {
    let AccessKeys {
        id,
        secret,
        session_token,
    } = keys;
    let token = session_token
        .as_ref()
        .map(|token| token.expose_secret().to_owned());
    Credentials::new(id, secret.expose_secret(), token, None, "settings")
}

/// Asked at the start: later the fault would look like a server that does not answer.
async fn require_credentials(shared: &SdkConfig) -> PortResult<()> {
    let provider = shared.credentials_provider();
    let provider = provider.ok_or_else(|| PortError::bare(Fault::Refused, CREDENTIALS))?;
    let found = provider.provide_credentials().await;
    found.map_err(|error| PortError::new(Fault::Refused, CREDENTIALS, error))?;
    Ok(())
}
