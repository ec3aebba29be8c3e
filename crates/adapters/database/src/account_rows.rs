//! Between an account and its row.

use auth::{Account, Credentials, Ownership, PasswordSetter, Role, Standing};
use kernel::{Fault, PortError, PortResult, Timestamp, UserId};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait, QuerySelect};

use crate::convert::{moment, text};
use crate::error::within;
use crate::tables::accounts::{ActiveModel, Entity, Model};

/// Locks the account until the transaction ends and tells its version; `None` if there is none.
pub(crate) async fn lock(tx: &DatabaseTransaction, user: UserId) -> PortResult<Option<u32>> {
    let row = Entity::find_by_id(user.uuid()).lock_exclusive().one(tx);
    let row = within("lock an account", row).await?;
    row.map(|row| version(row.version)).transpose()
}

/// The account as a row.
pub(crate) fn row(account: &Account) -> PortResult<ActiveModel> {
    let Account {
        id,
        email,
        ownership,
        credentials,
        password_set_by,
        role,
        standing,
        created_at,
        version,
    } = account;
    let password = credentials.password().map(|hash| text(hash.as_str()));
    let google = credentials.google();
    Ok(ActiveModel {
        user_id: Set(id.uuid()),
        email: Set(email.as_str().to_owned()),
        verified_at: Set(verified_at(*ownership)),
        password_hash: Set(password.transpose()?),
        google_subject: Set(google.map(|subject| subject.as_str().to_owned())),
        role: Set(role.as_str().to_owned()),
        disabled_at: Set(disabled_at(*standing)),
        created_at: Set(created_at.timestamp_millis()),
        version: Set((*version).into()),
        password_by_owner: Set(*password_set_by == PasswordSetter::Owner),
    })
}

fn verified_at(ownership: Ownership) -> Option<i64> {
    match ownership {
        Ownership::Claimed => None,
        Ownership::Verified(at) => Some(at.timestamp_millis()),
    }
}

fn disabled_at(standing: Standing) -> Option<i64> {
    match standing {
        Standing::Active => None,
        Standing::Disabled(at) => Some(at.timestamp_millis()),
    }
}

/// The account of a row.
pub(crate) fn account(row: Model) -> PortResult<Account> {
    let Model {
        user_id,
        email,
        verified_at,
        password_hash,
        google_subject,
        role,
        disabled_at,
        created_at,
        version: number,
        password_by_owner,
    } = row;
    let email = email
        .parse()
        .map_err(|e| PortError::new(Fault::Corrupt, "read an account's address", e))?;
    let role = Role::parse(&role).ok_or(corrupt("read an account's role"))?;
    Ok(Account {
        id: user_id.into(),
        email,
        ownership: since(verified_at, Ownership::Claimed, Ownership::Verified)?,
        credentials: credentials(password_hash, google_subject)?,
        password_set_by: if password_by_owner {
            PasswordSetter::Owner
        } else {
            PasswordSetter::Anybody
        },
        role,
        standing: since(disabled_at, Standing::Active, Standing::Disabled)?,
        created_at: moment(created_at)?,
        version: version(number)?,
    })
}

fn since<T>(at: Option<i64>, never: T, then: impl Fn(Timestamp) -> T) -> PortResult<T> {
    at.map_or(Ok(never), |at| moment(at).map(then))
}

fn credentials(password: Option<String>, google: Option<String>) -> PortResult<Credentials> {
    let google = google.map(|subject| subject.parse()).transpose();
    let google =
        google.map_err(|e| PortError::new(Fault::Corrupt, "read an account's identity", e))?;
    Credentials::from_parts(password.map(Into::into), google)
        .ok_or(corrupt("read an account's credentials: it has none"))
}

fn version(number: i64) -> PortResult<u32> {
    u32::try_from(number)
        .map_err(|e| PortError::new(Fault::Corrupt, "read an account's version", e))
}

const fn corrupt(context: &'static str) -> PortError {
    PortError::bare(Fault::Corrupt, context)
}
