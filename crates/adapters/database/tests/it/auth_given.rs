//! Accounts and families to store, told apart by a number.

use auth::{
    Account, AccountChange, AccountStore, AuditEvent, Audited, Cut, Device, EndReason, Ending,
    Family, FamilyStore, IssuedAccess, Opening, RefreshToken, Stepped, Succession, TokenHash,
};
use chrono::TimeDelta;
use database::Database;
use kernel::FamilyId;
use uuid::Uuid;

use crate::given::{ada, at};

/// The hash of a token.
pub(crate) fn hash(n: u8) -> TokenHash {
    [n; 32].into()
}

/// Ada's account at version 1.
pub(crate) fn account() -> Account {
    let email = "ada@example.org".parse().unwrap();
    Account::with_password(ada(), email, "$h".to_owned().into(), at(0))
}

/// Something written down about Ada.
pub(crate) fn event(n: u16) -> AuditEvent {
    AuditEvent {
        id: Uuid::from_u128(n.into()).into(),
        at: at(0),
        what: Audited::SignedIn,
        actor: None,
        subject: Some(ada()),
        address: None,
        user_agent: None,
    }
}

/// The family with this number.
pub(crate) fn family(n: u8) -> FamilyId {
    Uuid::from_u128(n.into()).into()
}

/// Token `n` of a family, good for a day, with access for an hour.
pub(crate) fn token(n: u8, of: u8) -> RefreshToken {
    RefreshToken {
        hash: hash(n),
        family: family(of),
        issued_at: at(0),
        expires_at: at(0) + TimeDelta::days(1),
        swapped_at: None,
        access: IssuedAccess {
            id: Uuid::from_u128(n.into()).into(),
            expires_at: at(3600),
        },
    }
}

/// Ada signs in: family `n` with token `n`.
pub(crate) fn opening(n: u8) -> Opening {
    Opening {
        account_version: 1,
        family: Family {
            id: family(n),
            user: ada(),
            device: Device::default(),
            opened_at: at(0),
            last_used_at: at(0),
            ended: None,
        },
        token: token(n, n),
        audit: event(n.into()),
    }
}

/// Token 1 is swapped for token `n`.
pub(crate) fn swap(n: u8) -> Succession {
    Succession {
        user: ada(),
        account_version: 1,
        presented: hash(1),
        swapped_at: None,
        successor: token(n, 1),
    }
}

/// Family `n` is signed out.
pub(crate) fn ending(n: u8) -> Ending {
    Ending {
        user: ada(),
        family: family(n),
        at: at(60),
        reason: EndReason::SignedOut,
        audit: event(300 + u16::from(n)),
    }
}

/// The password is reset, which ends every family.
pub(crate) fn reset() -> AccountChange {
    AccountChange {
        account: account().rehash("$new".to_owned().into()),
        redeems: None,
        cut: Cut::Families(EndReason::PasswordReset),
        audit: vec![event(600)],
        at: at(60),
    }
}

/// Ada has an account, and families 1 to `families`.
pub(crate) async fn signed_in(db: &Database, families: u8) {
    AccountStore::create(db, &account(), &event(700))
        .await
        .unwrap();
    for n in 1..=families {
        assert_eq!(db.open(&opening(n)).await.unwrap(), Stepped::Done);
    }
}
