//! Small values with a number in them.

use auth::{
    Account, AccountChange, AuditEvent, Audited, Cut, Device, EndReason, Ending, Family,
    IssuedAccess, MailedToken, Opening, Purpose, RefreshToken, Stepped, Succession, TokenHash,
};
use chrono::TimeDelta;
use kernel::{Timestamp, UserId};
use uuid::Uuid;

use super::AuthStores;

/// Seconds after a fixed moment.
pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_timestamp(1_772_445_600 + seconds, 0).unwrap_or_default()
}

pub(super) fn hash(n: u8) -> TokenHash {
    [n; 32].into()
}

pub(super) fn user(n: u8) -> UserId {
    UserId::from_name(&format!("user {n}"))
}

pub(super) fn account(n: u8) -> Account {
    let email = format!("user{n}@example.org");
    let email = email.parse().unwrap_or_else(|e| panic!("{email}: {e}"));
    Account::with_password(user(n), email, format!("$hash${n}").into(), at(n.into()))
}

pub(super) fn event(n: u8, what: Audited) -> AuditEvent {
    AuditEvent {
        id: Uuid::from_u128(n.into()).into(),
        at: at(n.into()),
        what,
        actor: Some(user(1)),
        subject: Some(user(1)),
        address: Some([192, 0, 2, n].into()),
        user_agent: Some(format!("app/{n}")),
    }
}

pub(super) fn change(account: Account, n: u8) -> AccountChange {
    AccountChange {
        account,
        redeems: None,
        cut: Cut::Nothing,
        audit: vec![event(n, Audited::AddressVerified)],
        at: at(60),
    }
}

pub(super) fn mailed(n: u8, purpose: Purpose) -> MailedToken {
    MailedToken {
        hash: hash(n),
        purpose,
        user: user(1),
        expires_at: at(1800),
    }
}

pub(super) fn family(n: u8, of: u8) -> Family {
    Family {
        id: Uuid::from_u128(n.into()).into(),
        user: user(of),
        device: Device::new(Some("phone"), Some("app/1")),
        opened_at: at(0),
        last_used_at: at(i64::from(n)),
        ended: None,
    }
}

/// A token of family `of`, handed out at `at(of)`, with access for 15 minutes.
pub(super) fn token(n: u8, of: u8) -> RefreshToken {
    let issued_at = at(of.into());
    RefreshToken {
        hash: hash(n),
        family: Uuid::from_u128(of.into()).into(),
        issued_at,
        expires_at: issued_at + TimeDelta::days(30),
        swapped_at: None,
        access: IssuedAccess {
            id: Uuid::from_u128(n.into()).into(),
            expires_at: issued_at + TimeDelta::minutes(15),
        },
    }
}

/// A sign-in of the user's account at version 1; family and first token have the number `n`.
pub(super) fn opening(n: u8, of: u8) -> Opening {
    Opening {
        account_version: 1,
        family: family(n, of),
        token: token(n, n),
        audit: event(n, Audited::SignedIn),
    }
}

/// A swap of token `presented` for token `n` in family 1 of user 1, handed out at `at(10)`.
pub(super) fn succession(presented: u8, n: u8) -> Succession {
    Succession {
        user: user(1),
        account_version: 1,
        presented: hash(presented),
        swapped_at: None,
        successor: RefreshToken {
            issued_at: at(10),
            ..token(n, 1)
        },
    }
}

pub(super) fn ending(family: u8, of: u8) -> Ending {
    Ending {
        user: user(of),
        family: Uuid::from_u128(family.into()).into(),
        at: at(60),
        reason: EndReason::SignedOut,
        audit: event(200 + family, Audited::SignedOut),
    }
}

pub(super) async fn create(stores: &AuthStores<'_>, n: u8) -> Account {
    let account = account(n);
    let audit = event(100 + n, Audited::Registered);
    let created = stores.accounts.create(&account, &audit).await;
    created.unwrap_or_else(|e| panic!("create account {n}: {e}"));
    account
}

pub(super) async fn open(stores: &AuthStores<'_>, n: u8, of: u8) {
    let opened = stores.families.open(&opening(n, of)).await;
    assert_eq!(ok(opened), Stepped::Done);
}

/// The value, or the port's failure as a panic.
#[track_caller]
pub(super) fn ok<T>(result: kernel::PortResult<T>) -> T {
    result.unwrap_or_else(|e| panic!("{e}: {:?}", std::error::Error::source(&e)))
}
