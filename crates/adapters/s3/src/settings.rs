//! Which bucket, and how to reach it.

use std::time::Duration;

use secrecy::SecretString;
use url::Url;

/// How to reach the bucket.
#[derive(Debug, Clone)]
pub struct S3Settings {
    /// The bucket's name; it must exist.
    pub bucket: String,
    /// The server's address; `None` is AWS in the given region.
    pub endpoint_url: Option<Url>,
    /// What links begin with; `None` is the same address. Providers and browsers must be able to
    /// reach it, this process need not.
    pub public_endpoint_url: Option<Url>,
    /// The region requests are signed for.
    pub region: String,
    /// What every key begins with, without slashes at its ends; may be empty.
    pub prefix: String,
    /// Names the bucket in the path instead of the host name, as most compatible stores need it.
    pub force_path_style: bool,
    /// The access keys; `None` looks where every AWS tool does: `AWS_*` variables, profiles, the
    /// machine's role.
    pub keys: Option<AccessKeys>,
    /// How long a call may take, all its attempts together. An attempt may take half of it.
    pub deadline: Duration,
}

/// An access key.
#[derive(Debug, Clone)]
pub struct AccessKeys {
    /// Its public part.
    pub id: String,
    /// Its secret part.
    pub secret: SecretString,
    /// Comes with keys that are valid for a while only.
    pub session_token: Option<SecretString>,
}

impl S3Settings {
    /// A bucket on AWS in `us-east-1`, with the machine's credentials and 20 seconds for each call.
    pub fn new(bucket: impl Into<String>) -> Self {
        Self {
            bucket: bucket.into(),
            endpoint_url: None,
            public_endpoint_url: None,
            region: "us-east-1".to_owned(),
            prefix: String::new(),
            force_path_style: false,
            keys: None,
            deadline: Duration::from_secs(20),
        }
    }
}
