//! The blacklist of access tokens, and what goes on it.

use auth::{Account, AccountChange, Applied, Cut, EndReason, FamilyKey, IssuedAccess, Purpose};

use super::AuthStores;
use super::samples::{at, change, create, ending, hash, mailed, ok, open, token};

/// Of one account only; a cut of access leaves the families.
pub async fn a_cut_ends_families_or_access_of_one_account(stores: &AuthStores<'_>) {
    let account = create(stores, 1).await;
    create(stores, 2).await;
    for (n, of) in [(1, 1), (2, 1), (3, 2)] {
        open(stores, n, of).await;
    }
    let access = cut(stores, &account, (Cut::Access, 50)).await;
    assert_eq!(access.1, [token(1, 1).access, token(2, 2).access]);
    assert_eq!(ended(stores, 1).await, None);
    let reason = EndReason::PasswordReset;
    let families = cut(stores, &access.0, (Cut::Families(reason), 51)).await;
    assert_eq!(families.1.len(), 2);
    assert_eq!(ended(stores, 1).await, Some((at(60), reason)));
    assert_eq!(ended(stores, 3).await, None);
    let again = cut(stores, &families.0, (Cut::Families(reason), 52)).await;
    assert_eq!(again.1, []);
}

/// The number rises with each line, and stays when lines are purged.
pub async fn the_blacklist_is_read_after_a_number(stores: &AuthStores<'_>) {
    assert_eq!(ok(stores.feed.head().await), 0);
    create(stores, 1).await;
    for n in 1..=3 {
        open(stores, n, 1).await;
        ok(stores.families.end(&ending(n, 1)).await);
    }
    let all = ok(stores.feed.after(0, 10).await);
    let numbers: Vec<_> = all.iter().map(|line| line.number).collect();
    assert_eq!(numbers, [1, 2, 3]);
    assert_eq!(all[2].access, token(3, 3).access);
    let some = ok(stores.feed.after(1, 1).await);
    assert_eq!(some, [all[1]]);
    assert_eq!(ok(stores.feed.purge(at(10_000)).await), 3);
    assert_eq!(ok(stores.feed.head().await), 3);
    assert_eq!(ok(stores.feed.after(0, 10).await), []);
}

/// What expires at the given time or later stays.
pub async fn purging_takes_what_has_expired(stores: &AuthStores<'_>) {
    create(stores, 1).await;
    for n in [1, 2] {
        open(stores, n, 1).await;
        ok(stores.families.end(&ending(n, 1)).await);
        let purpose = [Purpose::VerifyAddress, Purpose::ResetPassword];
        let kept = mailed(n, purpose[usize::from(n) - 1]);
        ok(stores.mailed.issue(&kept, None).await);
    }
    let second = token(2, 2);
    assert_eq!(ok(stores.feed.purge(second.access.expires_at).await), 1);
    assert_eq!(ok(stores.families.purge(second.expires_at).await), 1);
    assert_eq!(ok(stores.mailed.purge(at(1800)).await), 0);
    assert_eq!(ok(stores.mailed.purge(at(1801)).await), 2);
    let by = FamilyKey::Refresh(hash(2));
    assert!(ok(stores.families.find(by).await).is_some());
    let by = FamilyKey::Refresh(hash(1));
    assert!(ok(stores.families.find(by).await).is_none());
}

async fn ended(stores: &AuthStores<'_>, n: u8) -> Option<(kernel::Timestamp, EndReason)> {
    let held = ok(stores.families.find(FamilyKey::Refresh(hash(n))).await)?;
    held.family.ended
}

/// The account's next version, stored with this cut, and what it cut, by token id.
async fn cut(
    stores: &AuthStores<'_>,
    account: &Account,
    (cut, n): (Cut, u8),
) -> (Account, Vec<IssuedAccess>) {
    let next = account.rehash(format!("${n}").into());
    let change = AccountChange {
        cut,
        ..change(next.clone(), n)
    };
    let Applied::Done(mut tokens) = ok(stores.accounts.apply(&change).await) else {
        panic!("not stored");
    };
    tokens.sort_by_key(|token| token.id);
    (next, tokens)
}
