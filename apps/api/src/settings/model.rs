//! The settings as the server uses them.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use chrono::TimeDelta;
use ipnet::IpNet;
use secrecy::SecretString;
use spending::PriceTable;
use topics::AliasTable;
use url::Url;
use voice::{ContextMode, Prices};

use super::background::BackgroundSettings;

/// Everything that can be set, checked.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) listen: SocketAddr,
    pub(crate) data_dir: PathBuf,
    pub(crate) public_url: Option<Url>,
    pub(crate) address_file: Option<PathBuf>,
    pub(crate) mode: Mode,
    pub(crate) database_url: String,
    pub(crate) database_max_connections: u32,
    pub(crate) objects: ObjectSettings,
    pub(crate) vision: VisionSettings,
    /// For how long an analysis is taken over for pictures of the same view; `None`: never.
    pub(crate) reuse: Option<Duration>,
    pub(crate) voice: VoiceSettings,
    pub(crate) spending: SpendingSettings,
    pub(crate) accounts: AccountSettings,
    pub(crate) background: BackgroundSettings,
    pub(crate) rates: RateSettings,
    pub(crate) cors_origins: Vec<String>,
    /// Whose word is taken for where a request comes from (`X-Forwarded-For`).
    pub(crate) trusted_proxies: Vec<IpNet>,
    pub(crate) topics: AliasTable,
    pub(crate) topic_max_gap: Duration,
    pub(crate) session_idle: Duration,
    pub(crate) journal: WaitingSettings,
    pub(crate) spool: WaitingSettings,
    /// Where traces go; `None`: nowhere.
    pub(crate) traces: Option<TraceSettings>,
    pub(crate) log_format: LogFormat,
    pub(crate) log_filter: String,
}

/// How much may wait on disk for another system, and for how long before no new work is taken on;
/// zero is no bound of age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WaitingSettings {
    pub(crate) max_bytes: u64,
    pub(crate) max_age: Duration,
}

/// Who may ask without a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Anybody on this machine.
    Open,
    /// Nobody.
    Secured,
}

/// Where objects are kept.
#[derive(Debug, Clone)]
pub(crate) enum ObjectSettings {
    /// In the data folder.
    Folder,
    /// In S3 or a compatible store.
    S3(Box<S3Settings>),
}

/// How to reach the bucket.
#[derive(Debug, Clone)]
pub(crate) struct S3Settings {
    pub(crate) bucket: String,
    pub(crate) endpoint_url: Option<Url>,
    /// What links begin with, where that is another address than the server's own calls go to.
    pub(crate) public_endpoint_url: Option<Url>,
    pub(crate) region: String,
    pub(crate) prefix: String,
    pub(crate) force_path_style: bool,
    pub(crate) keys: Option<AccessKeys>,
}

/// Credentials given as settings; without them the AWS SDK looks in its usual places.
#[derive(Debug, Clone)]
pub(crate) struct AccessKeys {
    pub(crate) id: String,
    pub(crate) secret: SecretString,
    pub(crate) session_token: Option<SecretString>,
}

/// Who looks at images.
#[derive(Debug, Clone)]
pub(crate) struct VisionSettings {
    /// Who is asked, first to last.
    pub(crate) providers: Vec<Provider>,
    /// For all of them together.
    pub(crate) timeout: Duration,
    pub(crate) max_side_px: u32,
    /// Whether OCR on this machine looks for text beside a provider.
    pub(crate) checks_text: bool,
}

/// A provider of vision.
#[derive(Debug, Clone)]
pub(crate) enum Provider {
    /// A server that speaks the Responses API.
    OpenAi(OpenAiSettings),
    /// Claude models.
    Anthropic(HostedSettings),
    /// Gemini models.
    Gemini(HostedSettings),
    /// OCR on this machine.
    Local,
}

/// How to reach the Responses API.
#[derive(Debug, Clone)]
pub(crate) struct OpenAiSettings {
    pub(crate) base_url: Url,
    pub(crate) api_key: Option<SecretString>,
    pub(crate) model: String,
}

/// Who talks, and how much.
#[derive(Debug, Clone)]
pub(crate) struct VoiceSettings {
    /// `None`: nobody talks.
    pub(crate) model: Option<RealtimeModelSettings>,
    /// The tutor's voice where the device wishes none.
    pub(crate) voice: String,
    /// Canonical topics that reach the tutor.
    pub(crate) topics: Vec<String>,
    pub(crate) context: ContextMode,
    /// 0 is no limit, in all of them but `idle`.
    pub(crate) max_per_user: u32,
    pub(crate) max_sessions: u32,
    pub(crate) minutes_a_day: u32,
    pub(crate) idle: Duration,
}

/// What models cost.
#[derive(Debug, Clone)]
pub(crate) struct SpendingSettings {
    pub(crate) prices: PriceTable,
    /// What one user may spend on a day, in millionths of a US dollar; `None` is no limit.
    pub(crate) daily_cap_micros: Option<u64>,
}

/// How to reach the Realtime API.
#[derive(Debug, Clone)]
pub(crate) struct RealtimeModelSettings {
    pub(crate) url: Url,
    pub(crate) api_key: Option<SecretString>,
    pub(crate) model: String,
    pub(crate) transcription_model: Option<String>,
    /// `None` where they are not known.
    pub(crate) prices: Option<Prices>,
}

/// How to reach a provider that is always asked with a key.
#[derive(Debug, Clone)]
pub(crate) struct HostedSettings {
    pub(crate) base_url: Url,
    pub(crate) api_key: SecretString,
    pub(crate) model: String,
}

/// How people get in.
#[derive(Debug, Clone)]
pub(crate) struct AccountSettings {
    /// Signs access tokens; at least 32 bytes. `None`, in open mode only: one is made and kept in
    /// the data folder.
    pub(crate) jwt_secret: Option<SecretString>,
    /// Signed before the last change; at least 32 bytes.
    pub(crate) jwt_secret_previous: Option<SecretString>,
    /// `None` where nobody signs in with Google.
    pub(crate) google: Option<GoogleSettings>,
    pub(crate) mail: MailSettings,
    /// `None`: the audit is kept for ever.
    pub(crate) audit_for: Option<TimeDelta>,
}

/// Whose word is taken for who somebody is.
#[derive(Debug, Clone)]
pub(crate) struct GoogleSettings {
    /// At least one; browsers use the first.
    pub(crate) client_ids: Vec<String>,
    /// For browsers.
    pub(crate) client_secret: Option<SecretString>,
    pub(crate) issuer: String,
}

/// How mail leaves.
#[derive(Debug, Clone)]
pub(crate) struct MailSettings {
    /// The server; `None`: mail goes to a folder.
    pub(crate) smtp_url: Option<SecretString>,
    pub(crate) from: String,
    /// What links in mails lead to.
    pub(crate) pages_url: Option<Url>,
}

/// How often somebody may ask; 0 is no limit.
#[derive(Debug, Clone)]
pub(crate) struct RateSettings {
    /// Where several servers count together; `None`: each counts for itself.
    pub(crate) redis_url: Option<SecretString>,
    /// Of one user.
    pub(crate) requests_per_min: u32,
    /// From one address.
    pub(crate) address_per_min: u32,
    /// Of one user for an analysis of an image.
    pub(crate) analyses_per_min: u32,
}

/// Where traces go, and how many.
#[derive(Debug, Clone)]
pub(crate) struct TraceSettings {
    /// The collector, to which `/v1/traces` is added.
    pub(crate) endpoint: Url,
    pub(crate) headers: HashMap<String, SecretString>,
    /// 0 to 1.
    pub(crate) share: f64,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// For people.
    Pretty,
    /// For machines, one JSON object a line.
    Json,
}
