//! What the operator does to accounts from the command line.

use std::sync::Arc;

use async_trait::async_trait;
use auth::{AccessClaims, AccessTokenError, AccessTokens, Admin, Mail, Mailer};
use database::Database;
use kernel::{Fault, PortError, PortResult, Timestamp};

use super::Ground;
use super::accounts::{self, Outside};
use crate::settings::Settings;

/// The database alone, so that it works beside a running server: the lock of the data folder is
/// about objects and what waits, and both databases let several processes in.
pub(crate) async fn beside(settings: &Settings) -> anyhow::Result<Database> {
    if !settings.data_dir.exists() {
        // Made here, it is for its owner alone.
        drop(super::data_folder(settings)?);
    }
    super::database(settings).await
}

/// Accounts on the database alone.
pub(crate) async fn operator(settings: &Settings) -> anyhow::Result<(Admin, Database)> {
    let database = beside(settings).await?;
    let ground = Ground::on(database.clone())?;
    let outside = Outside {
        access: Arc::new(Absent),
        google: None,
        mailer: Arc::new(Absent),
        rules: accounts::rules(settings),
    };
    let auth = accounts::auth(outside, super::limits::attempts(None), ground)?;
    Ok((Admin::new(auth), database))
}

/// Nobody signs in at the command line, and no mail is sent from there.
struct Absent;

impl AccessTokens for Absent {
    fn sign(&self, _: &AccessClaims) -> PortResult<String> {
        Err(PortError::bare(
            Fault::Refused,
            "sign an access token at the command line",
        ))
    }

    fn verify(&self, _: &str, _: Timestamp) -> Result<AccessClaims, AccessTokenError> {
        Err(AccessTokenError::Invalid)
    }

    fn read(&self, _: &str) -> Option<AccessClaims> {
        None
    }
}

#[async_trait]
impl Mailer for Absent {
    async fn send(&self, _: &Mail) -> PortResult<()> {
        Err(PortError::bare(
            Fault::Refused,
            "send a mail from the command line",
        ))
    }
}
