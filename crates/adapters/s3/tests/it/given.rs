//! A server and stores on it.

use std::time::Duration;

use objects::ObjectKey;
use s3::{AccessKeys, S3Settings, S3Store};
use testkit::s3_server::S3Server;

/// Settings that fit the server.
pub(crate) fn settings(server: &S3Server) -> S3Settings {
    S3Settings {
        endpoint_url: Some(server.endpoint()),
        region: S3Server::REGION.to_owned(),
        prefix: "tenant/photos".to_owned(),
        force_path_style: true,
        keys: Some(AccessKeys {
            id: S3Server::ACCESS_KEY_ID.to_owned(),
            secret: S3Server::SECRET_ACCESS_KEY.into(),
            session_token: None,
        }),
        deadline: Duration::from_secs(20),
        ..S3Settings::new(S3Server::BUCKET)
    }
}

pub(crate) async fn store(server: &S3Server) -> S3Store {
    S3Store::connect(settings(server)).await.unwrap()
}

pub(crate) fn key(text: &str) -> ObjectKey {
    text.parse().unwrap()
}
