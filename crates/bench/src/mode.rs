//! What the server stands on: the embedded default, or what production has.

use std::sync::atomic::{AtomicU32, Ordering};

use clap::ValueEnum;
use testkit::postgres;
use testkit::redis_server::RedisServer;
use testkit::s3_server::S3Server;

/// What to measure on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    /// SQLite and a folder.
    Embedded,
    /// Postgres that waits for its disk, Redis and an S3 server, all on this machine.
    Production,
}

impl Mode {
    /// Its name in a table.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Embedded => "embedded",
            Self::Production => "production",
        }
    }
}

/// The servers of one measurement; gone when dropped.
pub(crate) enum Ground {
    Embedded,
    Production(Box<Services>),
}

pub(crate) struct Services {
    postgres: postgres::Server,
    redis: RedisServer,
    s3: S3Server,
    databases: AtomicU32,
}

/// Names and values of settings.
pub(crate) type Settings = Vec<(&'static str, String)>;

impl Ground {
    /// Starts what the mode needs.
    pub(crate) fn start(mode: Mode) -> Self {
        match mode {
            Mode::Embedded => Self::Embedded,
            Mode::Production => Self::Production(Box::new(Services {
                postgres: postgres::Server::start_lasting(),
                redis: RedisServer::start(),
                s3: S3Server::start(),
                databases: AtomicU32::new(0),
            })),
        }
    }

    /// The settings of one more server on a database of its own.
    ///
    /// # Errors
    /// When Postgres refuses.
    pub(crate) fn next_settings(&self) -> anyhow::Result<Settings> {
        let Self::Production(services) = self else {
            return Ok(Settings::new());
        };
        let number = services.databases.fetch_add(1, Ordering::Relaxed);
        self.settings(&format!("bench_{number}"))
    }

    /// The settings of a server on the database of this name, which is made.
    ///
    /// # Errors
    /// When Postgres refuses.
    pub(crate) fn settings(&self, name: &str) -> anyhow::Result<Settings> {
        let Self::Production(services) = self else {
            return Ok(Settings::new());
        };
        let made = services.postgres.run(&format!("CREATE DATABASE {name}"));
        made.map_err(anyhow::Error::msg)?;
        Ok(vec![
            ("DATABASE_URL", services.postgres.url(name)),
            ("REDIS_URL", services.redis.url()),
            ("S3_BUCKET", S3Server::BUCKET.to_owned()),
            ("S3_ENDPOINT_URL", services.s3.endpoint().to_string()),
            ("S3_FORCE_PATH_STYLE", "true".to_owned()),
            ("S3_PREFIX", name.to_owned()),
            ("AWS_ACCESS_KEY_ID", S3Server::ACCESS_KEY_ID.to_owned()),
            (
                "AWS_SECRET_ACCESS_KEY",
                S3Server::SECRET_ACCESS_KEY.to_owned(),
            ),
        ])
    }
}

/// Settings as a server is started with.
pub(crate) fn borrowed(settings: &Settings) -> Vec<(&str, &str)> {
    let pairs = settings.iter();
    pairs.map(|(name, value)| (*name, value.as_str())).collect()
}
