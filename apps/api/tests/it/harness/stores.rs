//! A Postgres database and a bucket of their own, and a Redis where there are several processes.

use testkit::postgres::TestDatabase;
use testkit::redis_server::RedisServer;
use testkit::s3_server::S3Server;

use super::Setup;

/// What a production setup runs on; gone when dropped.
pub(crate) struct Stores {
    _database: TestDatabase,
    pub(crate) s3: S3Server,
    _redis: Option<RedisServer>,
}

impl Setup {
    /// Postgres and S3, with vision by the simulator.
    pub(crate) fn production(simulator: &str) -> (Self, Stores) {
        Self::embedded(simulator).on_production_stores()
    }

    /// The same setup on Postgres and S3.
    pub(crate) fn on_production_stores(self) -> (Self, Stores) {
        let database = testkit::postgres::empty();
        let s3 = S3Server::start();
        let setup = self.on(database.url(), &s3);
        (
            setup,
            Stores {
                _database: database,
                s3,
                _redis: None,
            },
        )
    }

    /// The same setup on Postgres, S3 and Redis, as two replicas and a worker.
    pub(crate) fn on_replicas(self) -> (Self, Stores) {
        let (setup, stores) = self.on_production_stores();
        let redis = RedisServer::start();
        let setup = setup.with("REDIS_URL", &redis.url()).replicated();
        let stores = Stores {
            _redis: Some(redis),
            ..stores
        };
        (setup, stores)
    }

    /// The same setup on this database and this S3 server.
    pub(crate) fn on(self, database_url: &str, s3: &S3Server) -> Self {
        self.with("DATABASE_URL", database_url)
            .with("S3_BUCKET", S3Server::BUCKET)
            .with("S3_ENDPOINT_URL", s3.endpoint().as_str())
            .with("S3_FORCE_PATH_STYLE", "true")
            .with("S3_PREFIX", "smartsight")
            .with(
                super::server::BUCKET_FOLDER,
                &s3.bucket_folder().to_string_lossy(),
            )
            .with("AWS_ACCESS_KEY_ID", S3Server::ACCESS_KEY_ID)
            .with("AWS_SECRET_ACCESS_KEY", S3Server::SECRET_ACCESS_KEY)
    }
}
