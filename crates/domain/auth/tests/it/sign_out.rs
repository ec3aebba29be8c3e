//! Signing out, here and elsewhere.

use std::sync::atomic::Ordering;

use auth::{RefreshError, Unauthenticated};
use chrono::TimeDelta;

use crate::house::{House, PASSWORD, origin};

#[tokio::test]
async fn a_signed_out_access_token_is_refused_at_once_also_by_another_process() {
    let (here, signed_in) = signed_in().await;
    let there = here.beside();
    let access = &signed_in.tokens.access;
    there.auth.authenticate(access).await.unwrap();
    here.auth
        .sign_out(None, Some(access), origin())
        .await
        .unwrap();
    for house in [&here, &there] {
        let refused = house.auth.authenticate(access).await;
        assert!(matches!(refused, Err(Unauthenticated::Revoked)));
    }
    let refresh = signed_in.tokens.refresh.expose();
    let refused = there.auth.refresh(refresh, origin()).await;
    assert!(matches!(refused, Err(RefreshError::Invalid)));
}

#[tokio::test]
async fn the_refresh_token_alone_signs_out_too_and_twice_is_once() {
    let (house, signed_in) = signed_in().await;
    for _ in 0..2 {
        let refresh = signed_in.tokens.refresh.expose();
        let out = house
            .auth
            .sign_out(Some(refresh), Some("rubbish"), origin());
        out.await.unwrap();
    }
    let refused = house.auth.authenticate(&signed_in.tokens.access).await;
    assert!(matches!(refused, Err(Unauthenticated::Revoked)));
    let outs = house.memory.audited();
    assert_eq!(outs.last(), Some(&auth::Audited::SignedOut));
    assert_eq!(outs.len(), 3);
}

#[tokio::test]
async fn an_access_token_that_is_over_signs_its_device_out_too() {
    let (house, signed_in) = signed_in().await;
    house.later(TimeDelta::minutes(20));
    let access = &signed_in.tokens.access;
    let out = house.auth.sign_out(None, Some(access), origin());
    out.await.unwrap();
    let refresh = signed_in.tokens.refresh.expose();
    let refused = house.auth.refresh(refresh, origin()).await;
    assert!(matches!(refused, Err(RefreshError::Invalid)));
}

#[tokio::test]
async fn a_device_is_signed_out_from_another_one_of_the_same_user_only() {
    let (house, phone) = signed_in().await;
    house.later(TimeDelta::seconds(1));
    let laptop = house.sign_in("ada@example.org", PASSWORD).await.unwrap();
    let stranger = house.register("eve@example.org").await;
    let (laptop, stranger) = (house.caller(&laptop).await, house.caller(&stranger).await);
    let devices = house.auth.devices(&laptop).await.unwrap();
    let marks: Vec<_> = devices.iter().map(|device| device.is_this_one).collect();
    assert_eq!(marks, [true, false]);
    let id = devices[1].family.id;
    let sign_out = async |caller| {
        let out = house.auth.sign_out_device(caller, id, origin());
        out.await.unwrap()
    };
    assert!(!sign_out(&stranger).await);
    assert!(sign_out(&laptop).await);
    assert!(!sign_out(&laptop).await);
    let refused = house.auth.authenticate(&phone.tokens.access).await;
    assert!(matches!(refused, Err(Unauthenticated::Revoked)));
    assert_eq!(house.auth.devices(&laptop).await.unwrap().len(), 1);
}

#[tokio::test]
async fn while_the_store_is_away_what_is_known_counts() {
    let (house, signed_in) = signed_in().await;
    let access = &signed_in.tokens.access;
    house.auth.authenticate(access).await.unwrap();
    house.memory.feed_is_away.store(true, Ordering::SeqCst);
    house.auth.authenticate(access).await.unwrap();
    let started_now = house.beside();
    let unknown = started_now.auth.authenticate(access).await;
    assert!(matches!(unknown, Err(Unauthenticated::Port(_))));
}

#[tokio::test]
async fn the_store_is_asked_again_a_second_after_it_was_away() {
    let (house, signed_in) = signed_in().await;
    let other = house.beside();
    let access = &signed_in.tokens.access;
    other.auth.authenticate(access).await.unwrap();
    house.memory.feed_is_away.store(true, Ordering::SeqCst);
    other.auth.authenticate(access).await.unwrap();
    let out = house.auth.sign_out(None, Some(access), origin());
    out.await.unwrap();
    house.memory.feed_is_away.store(false, Ordering::SeqCst);
    other.auth.authenticate(access).await.unwrap();
    house.later(TimeDelta::seconds(1));
    let refused = other.auth.authenticate(access).await;
    assert!(matches!(refused, Err(Unauthenticated::Revoked)));
}

#[tokio::test]
async fn the_blacklist_forgets_what_has_ended_by_itself() {
    let (house, signed_in) = signed_in().await;
    let access = &signed_in.tokens.access;
    let out = house.auth.sign_out(None, Some(access), origin());
    out.await.unwrap();
    assert_eq!(house.auth.purge().await.unwrap().known, 1);
    house.later(TimeDelta::minutes(18));
    let purged = house.auth.purge().await.unwrap();
    assert_eq!((purged.revocations, purged.known), (1, 0));
    let refused = house.auth.authenticate(access).await;
    assert!(matches!(refused, Err(Unauthenticated::Expired)));
    house.beside().auth.warm_up().await.unwrap();
}

async fn signed_in() -> (House, auth::SignedIn) {
    let house = House::new();
    let signed_in = house.register("ada@example.org").await;
    (house, signed_in)
}
