//! The way in.

use std::sync::Arc;

use async_trait::async_trait;
use http_api::{AppState, Cookies, CorsOrigins, Identity, Limits, ReadinessCheck};
use objects::ObjectStore;

use super::App;
use super::limits::{self, RedisCheck};
use crate::settings::{Mode, Settings};

/// Who requests without a user name belong to in open mode.
const DEFAULT_USER: &str = "default";

impl App {
    /// The router over everything joined.
    pub(crate) fn router(
        &self,
        settings: &Settings,
        metrics: crate::metrics::Metrics,
    ) -> axum::Router {
        http_api::router(AppState {
            sessions: self.sessions.clone(),
            bookmarks: self.bookmarks.clone(),
            profiles: self.profiles.clone(),
            topics: self.topics.clone(),
            vision: self.vision.clone(),
            uploads: self.uploads.clone(),
            segments: self.segments.clone(),
            renditions: self.renditions.clone(),
            later: self.later.clone(),
            events: self.events.clone(),
            voice: self.voice.clone(),
            spending: self.spending.clone(),
            privacy: self.privacy.clone(),
            archives: super::privacy::archives(),
            answers: self.answers.clone(),
            clock: self.clock.clone(),
            ids: self.ids.clone(),
            tasks: Arc::new(self.tasks.clone()),
            identity: identity(settings.mode),
            auth: self.auth.clone(),
            admin: self.admin.clone(),
            cookies: cookies(settings),
            trusted_proxies: settings.trusted_proxies.clone(),
            readiness: self.readiness(),
            metrics: Arc::new(move || metrics.render()),
            signed_objects: self.stores.signed.clone(),
            cors: cors(settings),
            public_url: settings.public_url.clone(),
            limits: Limits::default(),
            limiter: self.limiter.clone(),
            quotas: limits::quotas(&settings.rates),
        })
    }

    fn readiness(&self) -> Vec<Arc<dyn ReadinessCheck>> {
        let mut checks: Vec<Arc<dyn ReadinessCheck>> = vec![
            Arc::new(DatabaseCheck(self.database.clone())),
            Arc::new(ObjectsCheck(self.stores.objects.clone())),
        ];
        if let Some(redis) = &self.redis {
            checks.push(Arc::new(RedisCheck(redis.clone())));
        }
        checks
    }
}

fn identity(mode: Mode) -> Identity {
    match mode {
        Mode::Open => Identity::Open {
            default_user: DEFAULT_USER.to_owned(),
        },
        Mode::Secured => Identity::Secured,
    }
}

fn cookies(settings: &Settings) -> Cookies {
    let is_https = |url: &url::Url| url.scheme() == "https";
    Cookies {
        secure: settings.public_url.as_ref().is_some_and(is_https),
    }
}

fn cors(settings: &Settings) -> CorsOrigins {
    match settings.cors_origins.as_slice() {
        [any] if any == "*" => CorsOrigins::Any,
        origins => CorsOrigins::List(origins.to_vec()),
    }
}

struct DatabaseCheck(database::Database);

#[async_trait]
impl ReadinessCheck for DatabaseCheck {
    fn name(&self) -> &'static str {
        "database"
    }

    async fn check(&self) -> Result<(), String> {
        told(self.0.check().await)
    }
}

struct ObjectsCheck(Arc<dyn ObjectStore>);

#[async_trait]
impl ReadinessCheck for ObjectsCheck {
    fn name(&self) -> &'static str {
        "objects"
    }

    async fn check(&self) -> Result<(), String> {
        told(self.0.check().await)
    }
}

/// The failure with its causes, for the log.
pub(super) fn told(outcome: kernel::PortResult<()>) -> Result<(), String> {
    outcome.map_err(|error| format!("{:#}", anyhow::Error::from(error)))
}
