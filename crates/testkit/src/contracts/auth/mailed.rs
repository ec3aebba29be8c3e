//! Mailed tokens.

use auth::{AccountChange, Applied, Purpose};

use super::AuthStores;
use super::samples::{change, create, hash, mailed, ok};

/// The change that redeems it uses it up; another change with it is not stored.
pub async fn a_mailed_token_allows_one_change(stores: &AuthStores<'_>) {
    let account = create(stores, 1).await;
    let token = mailed(1, Purpose::ResetPassword);
    ok(stores.mailed.issue(&token, None).await);
    assert_eq!(ok(stores.mailed.find(&hash(1)).await), Some(token));
    let reset = account.rehash("$new".to_owned().into());
    let redeem = |next, n| AccountChange {
        redeems: Some(hash(1)),
        ..change(next, n)
    };
    let applied = stores.accounts.apply(&redeem(reset.clone(), 1)).await;
    assert_eq!(ok(applied), Applied::Done(Vec::new()));
    assert_eq!(ok(stores.mailed.find(&hash(1)).await), None);
    let again = redeem(reset.rehash("$again".to_owned().into()), 2);
    assert_eq!(ok(stores.accounts.apply(&again).await), Applied::TokenUsed);
    let found = ok(stores.accounts.find(account.id).await);
    assert_eq!(found, Some(reset));
}

/// One token for each user and purpose.
pub async fn a_newer_mailed_token_replaces_the_older(stores: &AuthStores<'_>) {
    create(stores, 1).await;
    let tokens = [
        mailed(1, Purpose::ResetPassword),
        mailed(2, Purpose::VerifyAddress),
        mailed(3, Purpose::ResetPassword),
    ];
    for token in &tokens {
        ok(stores.mailed.issue(token, None).await);
    }
    assert_eq!(ok(stores.mailed.find(&hash(1)).await), None);
    assert_eq!(ok(stores.mailed.find(&hash(2)).await), Some(tokens[1]));
    assert_eq!(ok(stores.mailed.find(&hash(3)).await), Some(tokens[2]));
}
