//! Single parts, for the operator's doctor: nothing is locked, made or migrated.

use std::sync::Arc;
use std::time::Duration;

use ::voice::model::RealtimeModel;
use database::Database;
use email::Email;
use google::Google;
use kernel::PortResult;
use local_vision::LocalVision;
use objects::ObjectStore;
use redis_shared::{Redis, RedisSettings};
use url::Url;

use super::{accounts, limits, models, stores, voice};
use crate::settings::{RealtimeModelSettings, S3Settings, Settings};

/// The database as it is. SQLite must be there already, else it would be made.
pub(crate) async fn database(settings: &Settings) -> PortResult<Database> {
    let options = database::Options {
        max_connections: 1,
        ..database::Options::default()
    };
    Database::connect(&settings.database_url, options).await
}

/// The bucket.
pub(crate) async fn bucket(settings: &S3Settings) -> PortResult<Arc<dyn ObjectStore>> {
    Ok(Arc::new(stores::bucket(settings).await?))
}

/// Redis, where the settings name it; every call may take this long.
pub(crate) async fn redis(
    settings: &Settings,
    deadline: Duration,
) -> anyhow::Result<Option<Redis>> {
    let Some(url) = settings.rates.redis_url.clone() else {
        return Ok(None);
    };
    let settings = RedisSettings {
        deadline,
        connect_within: deadline,
        ..RedisSettings::new(url)
    };
    limits::connected(settings).await.map(Some)
}

/// The reader on this machine.
pub(crate) fn local_vision(settings: &Settings) -> LocalVision {
    models::local(settings)
}

/// The tutor's model.
pub(crate) fn realtime(settings: &RealtimeModelSettings) -> anyhow::Result<Arc<dyn RealtimeModel>> {
    voice::model(settings)
}

/// The mail server, where the settings name one.
pub(crate) fn smtp(settings: &Settings) -> anyhow::Result<Option<Email>> {
    if settings.accounts.mail.smtp_url.is_none() {
        return Ok(None);
    }
    accounts::mailer(settings, &settings.data_dir).map(Some)
}

/// The identity provider, where the settings name one.
pub(crate) fn google(settings: &Settings) -> anyhow::Result<Option<Google>> {
    let Some(google) = &settings.accounts.google else {
        return Ok(None);
    };
    let base = Url::parse("http://localhost")?;
    accounts::google_accounts(google, &base).map(Some)
}
