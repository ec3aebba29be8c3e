//! Signing in with a password.

use std::sync::atomic::Ordering;

use auth::{AccountChange, AccountStore, Audited, Cut, RegisterError, SignInError};
use futures_util::future::join_all;

use crate::house::{House, PASSWORD, address, new_password, origin};

#[tokio::test]
async fn who_registers_is_in_and_can_sign_in_again() {
    let house = House::new();
    let registered = house.register("Ada@Example.org").await;
    let again = house.sign_in("ada@example.org", PASSWORD).await.unwrap();
    assert_eq!(again.account, registered.account);
    assert_eq!(house.caller(&again).await.user, registered.account.id);
    let events = [Audited::Registered, Audited::SignedIn, Audited::SignedIn];
    assert_eq!(house.memory.audited(), events);
}

#[tokio::test]
async fn an_address_has_one_account() {
    let house = House::new();
    house.register("ada@example.org").await;
    let email = address("ADA@example.org");
    let password = new_password("Another-Word-2");
    let again = house.auth.register(&email, &password, origin()).await;
    assert!(matches!(again, Err(RegisterError::EmailTaken)));
}

#[tokio::test]
async fn unknown_address_wrong_password_and_google_only_account_take_the_same_steps() {
    let house = House::new();
    house.register("ada@example.org").await;
    house.google_knows("id", "1", "bob@example.org");
    let google = house.auth.sign_in_with_google("id", origin()).await;
    google.unwrap();
    for email in ["nobody@example.org", "ada@example.org", "bob@example.org"] {
        let compared = house.hasher.compared.load(Ordering::SeqCst);
        let audited = house.memory.audited().len();
        let refused = house.sign_in(email, "Wrong-Word-3").await;
        assert!(matches!(refused, Err(SignInError::WrongCredentials)));
        assert_eq!(house.hasher.compared.load(Ordering::SeqCst), compared + 1);
        assert_eq!(house.memory.audited()[audited..], [Audited::SignInFailed]);
    }
}

#[tokio::test]
async fn an_old_hash_is_renewed_at_sign_in_even_by_many_at_once() {
    let house = House::new();
    let account = house.register("ada@example.org").await.account;
    let old = format!("old:{PASSWORD}").into();
    let change = AccountChange {
        account: account.rehash(old),
        redeems: None,
        cut: Cut::Nothing,
        audit: Vec::new(),
        at: account.created_at,
    };
    house.memory.apply(&change).await.unwrap();
    let sign_ins = (0..4).map(|_| house.sign_in("ada@example.org", PASSWORD));
    for signed_in in join_all(sign_ins).await {
        let hash = signed_in.unwrap().account.password().unwrap().clone();
        assert_eq!(hash.as_str(), format!("today:{PASSWORD}"));
    }
    let renewed = |what: &&Audited| **what == Audited::PasswordRehashed;
    assert_eq!(house.memory.audited().iter().filter(renewed).count(), 1);
}
