//! Verification and reset by mail.

use auth::{Audited, Purpose, RedeemError, RefreshError};
use chrono::TimeDelta;

use crate::house::{House, PASSWORD, address, new_password, origin};

#[tokio::test]
async fn the_mailed_secret_verifies_the_address_once() {
    let house = House::new();
    let registered = house.register("ada@example.org").await;
    let token = house.mailed(Purpose::VerifyAddress).await;
    house.auth.verify_address(&token, origin()).await.unwrap();
    let caller = house.caller(&registered).await;
    assert!(house.auth.me(&caller).await.unwrap().unwrap().is_verified());
    let again = house.auth.verify_address(&token, origin()).await;
    assert!(matches!(again, Err(RedeemError::Invalid)));
}

#[tokio::test]
async fn a_reset_sets_the_password_once_and_signs_every_device_out() {
    let house = House::new();
    let phone = house.register("ada@example.org").await;
    let token = forgotten(&house, "ada@example.org").await;
    let password = new_password("Brand-New-4");
    let reset = async || house.auth.reset_password(&token, &password, origin()).await;
    reset().await.unwrap();
    assert!(matches!(reset().await, Err(RedeemError::Invalid)));
    assert!(house.sign_in("ada@example.org", PASSWORD).await.is_err());
    house
        .sign_in("ada@example.org", "Brand-New-4")
        .await
        .unwrap();
    let refresh = phone.tokens.refresh.expose();
    let refused = house.auth.refresh(refresh, origin()).await;
    assert!(matches!(refused, Err(RefreshError::Invalid)));
}

#[tokio::test]
async fn a_mailed_secret_works_for_thirty_minutes_for_its_purpose_and_until_the_next_one() {
    let house = House::new();
    house.register("ada@example.org").await;
    let first = forgotten(&house, "ada@example.org").await;
    let second = forgotten(&house, "ada@example.org").await;
    let password = new_password("Brand-New-4");
    let reset = async |token: String| {
        let reset = house.auth.reset_password(&token, &password, origin());
        reset.await.is_ok()
    };
    assert!(!reset(first).await);
    let for_another_purpose = house.mailed(Purpose::VerifyAddress).await;
    assert!(!reset(for_another_purpose).await);
    house.later(TimeDelta::minutes(30));
    assert!(!reset(second).await);
    assert_eq!(house.auth.purge().await.unwrap().mailed_tokens, 0);
    house.later(TimeDelta::milliseconds(1));
    assert_eq!(house.auth.purge().await.unwrap().mailed_tokens, 2);
}

#[tokio::test]
async fn an_unknown_address_is_answered_alike_and_gets_no_mail() {
    let house = House::new();
    let email = address("nobody@example.org");
    house.auth.forgot_password(&email, origin()).await.unwrap();
    assert!(!house.tasks.is_empty());
    house.tasks.run().await;
    assert!(house.outbox.0.lock().unwrap().is_empty());
    assert!(house.memory.audited().is_empty());
}

#[tokio::test]
async fn a_verification_is_mailed_again_until_the_address_is_verified() {
    let house = House::new();
    let registered = house.register("ada@example.org").await;
    let caller = house.caller(&registered).await;
    house.tasks.run().await;
    let resend = async || house.auth.resend_verification(&caller, origin()).await;
    resend().await.unwrap();
    house.verify().await;
    assert_eq!(house.outbox.0.lock().unwrap().len(), 2);
    resend().await.unwrap();
    assert!(house.tasks.is_empty());
    assert_eq!(
        house.memory.audited().last(),
        Some(&Audited::AddressVerified)
    );
}

async fn forgotten(house: &House, email: &str) -> String {
    let email = address(email);
    house.auth.forgot_password(&email, origin()).await.unwrap();
    house.mailed(Purpose::ResetPassword).await
}
