//! Which Redis, and how long it may take.

use std::time::Duration;

use secrecy::SecretString;

/// How to reach Redis. It is one server, or one address of a primary with replicas; a cluster
/// refuses scripts over several keys.
#[derive(Debug, Clone)]
pub struct RedisSettings {
    /// `redis://` or `rediss://` (TLS), with user, password and database where needed. The
    /// certificate is checked against the system's authorities.
    pub url: SecretString,
    /// What every key begins with.
    pub prefix: String,
    /// How long a call may take, connecting again included.
    pub deadline: Duration,
    /// How long Redis is left alone after it could not be reached; calls fail at once meanwhile.
    pub rest: Duration,
    /// How long the first connection may take.
    pub connect_within: Duration,
}

impl RedisSettings {
    /// Keys begin with `smartsight:`; 200 ms for a call, a second of rest, 5 seconds at the start.
    pub fn new(url: SecretString) -> Self {
        Self {
            url,
            prefix: "smartsight:".to_owned(),
            deadline: Duration::from_millis(200),
            rest: Duration::from_secs(1),
            connect_within: Duration::from_secs(5),
        }
    }
}
