//! The audit.

use auth::{AuditEvent, Audited};
use kernel::PageRequest;

use super::AuthStores;
use super::samples::{at, event, ok, user};

/// Every column comes back; pages go on where the one before ended.
pub async fn the_audit_is_listed_newest_first_by_account(stores: &AuthStores<'_>) {
    let stranger = AuditEvent {
        actor: None,
        subject: None,
        address: Some([0x2001, 0xdb8, 0, 0, 0, 0, 0, 1].into()),
        user_agent: None,
        ..event(2, Audited::SignInFailed)
    };
    let events = [
        event(1, Audited::SignedIn),
        stranger,
        event(3, Audited::SignedOut),
    ];
    for event in &events {
        ok(stores.audit.append(event).await);
    }
    let first = ok(stores.audit.list(None, PageRequest::new(2, None)).await);
    assert_eq!(first.items, [events[2].clone(), events[1].clone()]);
    let rest = PageRequest::new(2, first.next);
    let rest = ok(stores.audit.list(None, rest).await);
    assert_eq!((rest.items, rest.next), (vec![events[0].clone()], None));
    let of_user = PageRequest::new(10, None);
    let of_user = ok(stores.audit.list(Some(user(1)), of_user).await);
    assert_eq!(of_user.items, [events[2].clone(), events[0].clone()]);
}

/// What is older than the moment goes, and nothing else.
pub async fn purging_the_audit_takes_what_is_older(stores: &AuthStores<'_>) {
    let events = [1, 2, 3].map(|n| event(n, Audited::SignedIn));
    for event in &events {
        ok(stores.audit.append(event).await);
    }
    assert_eq!(ok(stores.audit.purge(at(2)).await), 1);
    assert_eq!(ok(stores.audit.purge(at(2)).await), 0);
    let left = ok(stores.audit.list(None, PageRequest::new(10, None)).await);
    assert_eq!(left.items, [events[2].clone(), events[1].clone()]);
}
