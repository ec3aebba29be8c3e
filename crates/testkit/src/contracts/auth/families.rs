//! Families of refresh tokens.

use auth::{EndReason, FamilyKey, Opening, Stepped, Succession};
use futures_util::future::join_all;
use uuid::Uuid;

use super::AuthStores;
use super::samples::{
    at, change, create, ending, family, hash, ok, open, opening, succession, user,
};

/// The first swap marks the token; a repeat that knows of the mark adds a successor and leaves
/// the mark; one that does not know is told.
pub async fn a_token_has_one_swap_and_its_repeats(stores: &AuthStores<'_>) {
    create(stores, 1).await;
    open(stores, 1, 1).await;
    assert_eq!(step(stores, &succession(1, 2)).await, Stepped::Done);
    assert_eq!(step(stores, &succession(1, 3)).await, Stepped::Moved);
    let mut repeat = succession(1, 4);
    repeat.swapped_at = Some(at(10));
    repeat.successor.issued_at = at(15);
    assert_eq!(step(stores, &repeat).await, Stepped::Done);
    let first = held(stores, 1).await;
    assert_eq!(first, Some((Some(at(10)), at(15))));
    assert_eq!(held(stores, 3).await, None);
    for n in [2, 4] {
        assert_eq!(held(stores, n).await, Some((None, at(15))));
    }
    let by_access = FamilyKey::Access(Uuid::from_u128(4).into());
    let found = ok(stores.families.find(by_access).await);
    assert_eq!(found.map(|held| held.token.hash), Some(hash(4)));
}

/// An account that has changed since it was read opens nothing and swaps nothing.
pub async fn a_family_opens_and_goes_on_for_the_known_version_only(stores: &AuthStores<'_>) {
    let account = create(stores, 1).await;
    let unknown = Opening {
        account_version: 2,
        ..opening(1, 1)
    };
    assert_eq!(ok(stores.families.open(&unknown).await), Stepped::Moved);
    open(stores, 1, 1).await;
    let changed = change(account.rehash("$new".to_owned().into()), 50);
    ok(stores.accounts.apply(&changed).await);
    assert_eq!(step(stores, &succession(1, 2)).await, Stepped::Moved);
    let known = Succession {
        account_version: 2,
        ..succession(1, 2)
    };
    assert_eq!(step(stores, &known).await, Stepped::Done);
}

/// Only the owner ends it, once, and its unexpired access tokens are named.
pub async fn an_ended_family_takes_no_step_and_ends_once(stores: &AuthStores<'_>) {
    create(stores, 1).await;
    create(stores, 2).await;
    open(stores, 1, 1).await;
    assert_eq!(ok(stores.families.end(&ending(1, 2)).await), None);
    assert_eq!(step(stores, &succession(1, 2)).await, Stepped::Done);
    let ended = ok(stores.families.end(&ending(1, 1)).await);
    assert_eq!(ended.map(|cut| cut.len()), Some(2));
    assert_eq!(ok(stores.families.end(&ending(1, 1)).await), None);
    assert_eq!(step(stores, &succession(2, 3)).await, Stepped::Moved);
    let held = ok(stores.families.find(FamilyKey::Refresh(hash(2))).await);
    let why = held.and_then(|held| held.family.ended);
    assert_eq!(why, Some((at(60), EndReason::SignedOut)));
}

/// Last used first; neither ended nor expired ones, nor another user's.
pub async fn families_are_listed_while_they_live(stores: &AuthStores<'_>) {
    create(stores, 1).await;
    create(stores, 2).await;
    for (n, of) in [(1, 1), (2, 1), (3, 1), (4, 2)] {
        open(stores, n, of).await;
    }
    ok(stores.families.end(&ending(2, 1)).await);
    let listed = ok(stores.families.list(user(1), at(100)).await);
    assert_eq!(listed, [family(3, 1), family(1, 1)]);
    let month = at(30 * 86_400 + 2);
    let listed = ok(stores.families.list(user(1), month).await);
    assert_eq!(listed, [family(3, 1)]);
}

/// Of swaps that all saw the token unswapped, one is stored.
pub async fn swaps_side_by_side_have_one_winner(stores: &AuthStores<'_>) {
    create(stores, 1).await;
    open(stores, 1, 1).await;
    let swaps: Vec<_> = (2..22).map(|n| succession(1, n)).collect();
    let steps = join_all(swaps.iter().map(|swap| step(stores, swap))).await;
    let won = steps.iter().filter(|step| **step == Stepped::Done);
    assert_eq!(won.count(), 1);
    let mut successors = 0;
    for n in 2..22 {
        successors += u32::from(held(stores, n).await.is_some());
    }
    assert_eq!(successors, 1);
}

async fn step(stores: &AuthStores<'_>, succession: &Succession) -> Stepped {
    ok(stores.families.succeed(succession).await)
}

/// When the token was swapped and when its family was last used.
async fn held(
    stores: &AuthStores<'_>,
    n: u8,
) -> Option<(Option<kernel::Timestamp>, kernel::Timestamp)> {
    let held = ok(stores.families.find(FamilyKey::Refresh(hash(n))).await)?;
    Some((held.token.swapped_at, held.family.last_used_at))
}
