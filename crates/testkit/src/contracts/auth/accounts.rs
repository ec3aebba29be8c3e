//! Accounts.

use auth::{Account, AccountFilter, Applied, Audited, Role};
use kernel::{Fault, PageRequest};

use super::AuthStores;
use super::samples::{account, at, change, create, event, ok, user};

/// By id, address and identity, with every column.
pub async fn an_account_comes_back_as_it_was_stored(stores: &AuthStores<'_>) {
    let new = create(stores, 1).await;
    let reset = new.reset_password("$hash$2".to_owned().into(), at(20));
    let (verified, joined) = joined(reset.clone());
    assert_eq!(verified, reset);
    for (n, next) in [(1, &verified), (2, &joined)] {
        let applied = stores.accounts.apply(&change(next.clone(), n)).await;
        assert_eq!(ok(applied), Applied::Done(Vec::new()));
    }
    let expected = Some(joined);
    assert_eq!(ok(stores.accounts.find(user(1)).await), expected);
    let email = account(1).email;
    assert_eq!(ok(stores.accounts.find_by_email(&email).await), expected);
    let subject = "g1".parse().unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(ok(stores.accounts.find_by_google(&subject).await), expected);
    assert_eq!(ok(stores.accounts.find(user(2)).await), None);
}

/// A second account of the same id, address or Google identity is a conflict and leaves nothing.
pub async fn id_address_and_identity_are_taken_once(stores: &AuthStores<'_>) {
    let first = create(stores, 1).await;
    let same_id = Account {
        id: user(1),
        ..account(2)
    };
    let same_address = Account {
        email: first.email,
        ..account(2)
    };
    for taken in [same_id, same_address] {
        let audit = event(1, Audited::Registered);
        let refused = stores.accounts.create(&taken, &audit).await;
        let fault = refused.err().map(|error| error.fault());
        assert_eq!(fault, Some(Fault::Conflict));
    }
    let page = PageRequest::new(10, None);
    assert_eq!(ok(stores.audit.list(None, page).await).items.len(), 1);
    create(stores, 2).await;
}

/// Two changes made to the same version: the second is not stored, nor is its audit.
pub async fn a_change_is_stored_over_the_version_before_only(stores: &AuthStores<'_>) {
    let first = create(stores, 1).await;
    let Some(admin) = first.assign(Role::Admin) else {
        panic!("is admin already");
    };
    let applied = stores.accounts.apply(&change(admin.clone(), 1)).await;
    assert_eq!(ok(applied), Applied::Done(Vec::new()));
    let late = first.rehash("$late".to_owned().into());
    let applied = stores.accounts.apply(&change(late, 2)).await;
    assert_eq!(ok(applied), Applied::Moved);
    assert_eq!(ok(stores.accounts.find(user(1)).await), Some(admin));
    let missing = change(account(9).rehash("$h".to_owned().into()), 3);
    assert_eq!(ok(stores.accounts.apply(&missing).await), Applied::Moved);
    let page = PageRequest::new(10, None);
    assert_eq!(ok(stores.audit.list(None, page).await).items.len(), 2);
}

/// Pages go on where the one before ended; `%` and `_` in a filter are plain characters.
pub async fn accounts_are_listed_newest_first_and_filtered(stores: &AuthStores<'_>) {
    for n in 1..=5 {
        create(stores, n).await;
    }
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let filter = AccountFilter::default();
        let page = stores.accounts.list(&filter, PageRequest::new(2, after));
        let page = ok(page.await);
        seen.extend(page.items.into_iter().map(|account| account.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, [5, 4, 3, 2, 1].map(user));
    assert_eq!(found(stores, Some("user3@"), None).await, [user(3)]);
    assert_eq!(found(stores, Some("u%r"), None).await, []);
    assert_eq!(found(stores, Some("user_@"), None).await, []);
    assert_eq!(found(stores, None, Some(Role::Admin)).await, []);
}

async fn found(
    stores: &AuthStores<'_>,
    part: Option<&str>,
    role: Option<Role>,
) -> Vec<kernel::UserId> {
    let filter = AccountFilter {
        email_contains: part.map(str::to_owned),
        role,
    };
    let page = stores.accounts.list(&filter, PageRequest::new(10, None));
    let items = ok(page.await).items;
    items.into_iter().map(|account| account.id).collect()
}

/// Verified, then joined by identity `g1`.
fn joined(account: Account) -> (Account, Account) {
    let identity = auth::GoogleIdentity {
        subject: "g1".parse().unwrap_or_else(|e| panic!("{e}")),
        email: account.email.clone(),
        name: None,
    };
    let verified = account.verify(at(30)).unwrap_or(account);
    let joined = verified.join(&identity);
    (verified, joined.unwrap_or_else(|e| panic!("{e}")))
}
