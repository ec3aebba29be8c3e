//! Whether a user was erased.

use kernel::{Fault, PortError, PortResult, Timestamp, UserId};
use sea_orm::prelude::Uuid;
use sea_orm::{ConnectionTrait, EntityTrait};
use sha2::{Digest, Sha256};

use crate::convert::optional_moment;
use crate::error::within;
use crate::tables::erasures;

/// What says that a user was erased.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    is_under_way: bool,
    /// Later things are of somebody who came back; `None` if nobody can.
    refuse_until: Option<Timestamp>,
}

impl Mark {
    /// Whether nothing of this user is taken any more, whenever it comes.
    pub(crate) const fn is_final(self) -> bool {
        self.refuse_until.is_none()
    }

    /// Whether something accepted at `at` came before the end; what has no time counts as new.
    pub(crate) fn refuses(self, at: Option<Timestamp>) -> bool {
        let Some(until) = self.refuse_until else {
            return true;
        };
        self.is_under_way || at.is_some_and(|at| at <= until)
    }
}

/// The user's mark, if there is one.
pub(crate) async fn mark_of(from: &impl ConnectionTrait, user: UserId) -> PortResult<Option<Mark>> {
    let row = erasures::Entity::find_by_id(digest(user)).one(from);
    let Some(row) = within("look for the mark of an erased user", row).await? else {
        return Ok(None);
    };
    let erasures::Model {
        digest: _,
        user_id,
        began_at: _,
        refuse_until,
    } = row;
    Ok(Some(Mark {
        is_under_way: user_id.is_some(),
        refuse_until: optional_moment(refuse_until)?,
    }))
}

/// Refuses to store something accepted at `at` for a user who was erased.
///
/// # Errors
/// `Gone`.
pub(crate) async fn refuse_erased(
    tx: &impl ConnectionTrait,
    user: UserId,
    at: Option<Timestamp>,
) -> PortResult<()> {
    let mark = mark_of(tx, user).await?;
    if mark.is_some_and(|mark| mark.refuses(at)) {
        return Err(gone());
    }
    Ok(())
}

/// The user was erased.
pub(crate) const fn gone() -> PortError {
    PortError::bare(Fault::Gone, "store something of an erased user")
}

/// What the audit calls an erased user: made of the mark, and of version 8, which no user's id has.
pub(crate) fn pseudonym(user: UserId) -> Uuid {
    let mut bytes = [0; 16];
    for (byte, of_digest) in bytes.iter_mut().zip(digest(user)) {
        *byte = of_digest;
    }
    bytes[6] = 0x80 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    Uuid::from_bytes(bytes)
}

/// Tells whether an id is that of an erased user, and no id to who does not know it.
pub(crate) fn digest(user: UserId) -> Vec<u8> {
    Sha256::new_with_prefix(b"smartsight erased user:")
        .chain_update(user.uuid())
        .finalize()
        .to_vec()
}
