//! An account and what may happen to it.

use kernel::{Timestamp, UserId};

use crate::credentials::{Credentials, GoogleSubject};
use crate::google::GoogleIdentity;
use crate::{EmailAddress, PasswordHash, Role};

/// Whether the owner of the address is known to own the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ownership {
    /// Somebody typed the address.
    Claimed,
    /// A mail to the address was answered, or Google vouches for it, since this time.
    Verified(Timestamp),
}

/// Who chose the password, as far as is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordSetter {
    /// Whoever made the account. Verifying the address later does not tell that it was its owner:
    /// owners follow links in mails they did not ask for.
    Anybody,
    /// Somebody who had a secret from a mail to the address, or an admin for them.
    Owner,
}

/// Whether the account may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It may.
    Active,
    /// An admin has closed it at this time.
    Disabled(Timestamp),
}

/// An account as it is kept. Every method that changes something gives the next version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The user it belongs to.
    pub id: UserId,
    /// No two accounts have the same.
    pub email: EmailAddress,
    /// Whether the address is known to be the owner's.
    pub ownership: Ownership,
    /// How its owner signs in.
    pub credentials: Credentials,
    /// Who chose the password, if there is one.
    pub password_set_by: PasswordSetter,
    /// What it may do.
    pub role: Role,
    /// Whether it may be used.
    pub standing: Standing,
    /// When it was made.
    pub created_at: Timestamp,
    /// 1 for a new account, one more with each change: a change made to an older version is not
    /// stored.
    pub version: u32,
}

/// Why a Google identity cannot join an account of the same address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkRefused {
    /// The account's address was never verified: somebody else may have typed it.
    #[error("the account of this address is not verified")]
    Unverified,
    /// Another Google identity signs in to it.
    #[error("the account of this address has another Google identity")]
    OtherIdentity,
}

impl Account {
    /// A new account with a password; its address is only claimed.
    pub fn with_password(
        id: UserId,
        email: EmailAddress,
        hash: PasswordHash,
        at: Timestamp,
    ) -> Self {
        Self {
            id,
            email,
            ownership: Ownership::Claimed,
            credentials: Credentials::Password(hash),
            password_set_by: PasswordSetter::Anybody,
            role: Role::User,
            standing: Standing::Active,
            created_at: at,
            version: 1,
        }
    }

    /// A new account of a Google identity, whose address Google has verified.
    pub fn with_google(id: UserId, identity: &GoogleIdentity, at: Timestamp) -> Self {
        Self {
            id,
            email: identity.email.clone(),
            ownership: Ownership::Verified(at),
            credentials: Credentials::Google(identity.subject.clone()),
            password_set_by: PasswordSetter::Anybody,
            role: Role::User,
            standing: Standing::Active,
            created_at: at,
            version: 1,
        }
    }

    /// Whether it may be used.
    pub const fn is_active(&self) -> bool {
        matches!(self.standing, Standing::Active)
    }

    /// Whether the owner of the address is known to own it.
    pub const fn is_verified(&self) -> bool {
        matches!(self.ownership, Ownership::Verified(_))
    }

    /// The hash its password is compared with.
    pub const fn password(&self) -> Option<&PasswordHash> {
        self.credentials.password()
    }

    /// The Google identity that signs in to it.
    pub const fn google(&self) -> Option<&GoogleSubject> {
        self.credentials.google()
    }

    /// The account with its address verified; `None` if it was before.
    pub fn verify(&self, at: Timestamp) -> Option<Self> {
        (!self.is_verified()).then(|| self.next(|next| next.ownership = Ownership::Verified(at)))
    }

    /// The account with a new password, set by whoever reads its mail: that verifies the address.
    #[must_use]
    pub fn reset_password(&self, hash: PasswordHash, at: Timestamp) -> Self {
        let ownership = match self.ownership {
            Ownership::Claimed => Ownership::Verified(at),
            verified @ Ownership::Verified(_) => verified,
        };
        self.next(|next| {
            next.ownership = ownership;
            next.credentials = self.credentials.with_password(hash);
            next.password_set_by = PasswordSetter::Owner;
        })
    }

    /// The account with the same password, hashed anew.
    #[must_use]
    pub fn rehash(&self, hash: PasswordHash) -> Self {
        self.next(|next| next.credentials = self.credentials.with_password(hash))
    }

    /// The account, joined by a Google identity of the same address. Both must be verified;
    /// Google's side is, or there is no [`GoogleIdentity`]. A password that anybody may have chosen
    /// goes: else a stranger who made the account before its owner came would keep a way in.
    pub fn join(&self, identity: &GoogleIdentity) -> Result<Self, LinkRefused> {
        if self.google().is_some() {
            return Err(LinkRefused::OtherIdentity);
        }
        if !self.is_verified() {
            return Err(LinkRefused::Unverified);
        }
        let subject = identity.subject.clone();
        let credentials = match self.password_set_by {
            PasswordSetter::Owner => self.credentials.with_google(subject),
            PasswordSetter::Anybody => Credentials::Google(subject),
        };
        Ok(self.next(|next| next.credentials = credentials))
    }

    /// The account with another role; `None` if it has that role.
    pub fn assign(&self, role: Role) -> Option<Self> {
        (self.role != role).then(|| self.next(|next| next.role = role))
    }

    /// The closed account; `None` if it is closed.
    pub fn disable(&self, at: Timestamp) -> Option<Self> {
        self.is_active()
            .then(|| self.next(|next| next.standing = Standing::Disabled(at)))
    }

    /// The account opened again; `None` if it is open.
    pub fn enable(&self) -> Option<Self> {
        (!self.is_active()).then(|| self.next(|next| next.standing = Standing::Active))
    }

    fn next(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut next = self.clone();
        change(&mut next);
        next.version += 1;
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at() -> Timestamp {
        Timestamp::from_timestamp_millis(1_763_719_200_000).unwrap()
    }

    fn claimed() -> Account {
        let email = "ada@example.org".parse().unwrap();
        Account::with_password(
            UserId::from_name("ada"),
            email,
            "$h".to_owned().into(),
            at(),
        )
    }

    fn identity(subject: &str) -> GoogleIdentity {
        GoogleIdentity {
            subject: subject.parse().unwrap(),
            email: "ada@example.org".parse().unwrap(),
            name: None,
        }
    }

    #[test]
    fn google_joins_only_a_verified_account_that_no_other_identity_has() {
        assert_eq!(claimed().join(&identity("1")), Err(LinkRefused::Unverified));
        let joined = claimed()
            .verify(at())
            .unwrap()
            .join(&identity("1"))
            .unwrap();
        assert!(joined.google().is_some());
        assert_eq!(joined.join(&identity("2")), Err(LinkRefused::OtherIdentity));
    }

    #[test]
    fn a_password_outlives_a_join_only_if_its_owner_chose_it() {
        let verified = claimed().verify(at()).unwrap();
        assert!(verified.join(&identity("1")).unwrap().password().is_none());
        let rehashed = verified.rehash("$again".to_owned().into());
        assert!(rehashed.join(&identity("1")).unwrap().password().is_none());
        let reset = verified.reset_password("$new".to_owned().into(), at());
        assert!(reset.join(&identity("1")).unwrap().password().is_some());
    }

    #[test]
    fn a_reset_verifies_and_each_change_is_a_new_version() {
        let reset = claimed().reset_password("$new".to_owned().into(), at());
        assert_eq!(reset.ownership, Ownership::Verified(at()));
        assert_eq!((claimed().version, reset.version), (1, 2));
    }

    #[test]
    fn a_change_to_what_is_so_already_is_none() {
        assert_eq!(claimed().assign(Role::User), None);
        assert_eq!(claimed().enable(), None);
        let disabled = claimed().disable(at()).unwrap();
        assert_eq!(disabled.disable(at()), None);
        assert!(disabled.enable().unwrap().is_active());
    }
}
