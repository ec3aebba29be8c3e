//! Signing in with Google, and joining accounts.

use auth::{Audited, GoogleSignInError, LinkRefused, PendingGoogle};

use crate::house::{House, PASSWORD, origin};

#[tokio::test]
async fn a_new_identity_gets_a_verified_account_and_the_same_one_next_time() {
    let house = House::new();
    house.google_knows("id", "1", "ada@example.org");
    let first = house.auth.sign_in_with_google("id", origin()).await;
    let first = first.unwrap();
    assert!(first.account.is_verified());
    assert_eq!(first.suggested_name.as_deref(), Some("Ada"));
    house.google_knows("id", "1", "renamed@example.org");
    let again = house.auth.sign_in_with_google("id", origin()).await;
    assert_eq!(again.unwrap().account, first.account);
}

#[tokio::test]
async fn an_identity_joins_a_verified_account_and_a_password_of_its_owner_stays() {
    let house = House::new();
    let registered = house.register("ada@example.org").await.account;
    house.reset("ada@example.org", "Owner-Chose-9").await;
    let before = house.sign_in("ada@example.org", "Owner-Chose-9").await;
    house.google_knows("id", "1", "Ada@Example.org");
    let joined = house.auth.sign_in_with_google("id", origin()).await;
    assert_eq!(joined.unwrap().account.id, registered.id);
    let by_password = house.sign_in("ada@example.org", "Owner-Chose-9").await;
    assert_eq!(by_password.unwrap().account.id, registered.id);
    let access = before.unwrap().tokens.access;
    house.auth.authenticate(&access).await.unwrap();
}

#[tokio::test]
async fn who_made_an_account_before_its_owner_came_is_out_once_google_joins() {
    let house = House::new();
    let stranger = house.register("ada@example.org").await;
    // The owner follows the link in a mail they did not ask for.
    house.verify().await;
    let inside = house.sign_in("ada@example.org", PASSWORD).await.unwrap();
    house.google_knows("id", "1", "ada@example.org");
    let owner = house
        .auth
        .sign_in_with_google("id", origin())
        .await
        .unwrap();
    assert_eq!(owner.account.id, stranger.account.id);
    assert!(house.sign_in("ada@example.org", PASSWORD).await.is_err());
    for signed_in in [stranger, inside] {
        let access = &signed_in.tokens.access;
        assert!(house.auth.authenticate(access).await.is_err());
        let refresh = signed_in.tokens.refresh.expose();
        assert!(house.auth.refresh(refresh, origin()).await.is_err());
    }
    house.auth.authenticate(&owner.tokens.access).await.unwrap();
    assert!(house.memory.audited().contains(&Audited::PasswordDropped));
    house.reset("ada@example.org", "Owner-Chose-9").await;
    house
        .sign_in("ada@example.org", "Owner-Chose-9")
        .await
        .unwrap();
}

#[tokio::test]
async fn an_identity_does_not_join_an_account_somebody_else_may_have_made() {
    let house = House::new();
    house.register("ada@example.org").await;
    house.google_knows("id", "1", "ada@example.org");
    let refused = house.auth.sign_in_with_google("id", origin()).await;
    let unverified = GoogleSignInError::Link(LinkRefused::Unverified);
    assert_eq!(refused.unwrap_err().to_string(), unverified.to_string());
    assert_eq!(house.memory.audited().last(), Some(&Audited::GoogleRefused));
}

#[tokio::test]
async fn after_a_reset_by_mail_the_owner_joins_and_the_stranger_is_out() {
    let house = House::new();
    let stranger = house.register("ada@example.org").await;
    house.reset("ada@example.org", "Owner-Chose-9").await;
    house.google_knows("id", "1", "ada@example.org");
    house
        .auth
        .sign_in_with_google("id", origin())
        .await
        .unwrap();
    assert!(house.sign_in("ada@example.org", PASSWORD).await.is_err());
    let access = &stranger.tokens.access;
    assert!(house.auth.authenticate(access).await.is_err());
}

#[tokio::test]
async fn what_google_did_not_sign_is_refused_and_written_down() {
    let house = House::new();
    let refused = house.auth.sign_in_with_google("forged", origin()).await;
    assert!(matches!(refused, Err(GoogleSignInError::Invalid(_))));
    assert_eq!(house.memory.audited(), [Audited::GoogleRefused]);
}

#[tokio::test]
async fn a_browser_comes_back_with_the_state_it_left_with() {
    let house = House::new();
    house.google_knows("code", "1", "ada@example.org");
    let (url, pending) = house.auth.start_google().await.unwrap();
    let pending = PendingGoogle::from_cookie(&pending.to_cookie()).unwrap();
    let state = pending.state.expose();
    assert!(url.query().unwrap().contains(state));
    let forged = house
        .auth
        .finish_google(("code", "other"), &pending, origin())
        .await;
    assert!(matches!(forged, Err(GoogleSignInError::Invalid("state"))));
    let back = house
        .auth
        .finish_google(("code", state), &pending, origin())
        .await;
    assert_eq!(back.unwrap().account.email.as_str(), "ada@example.org");
}

#[test]
fn a_cookie_of_another_form_holds_no_sign_in() {
    let secret = "a".repeat(64);
    for value in [
        String::new(),
        secret.clone(),
        format!("{secret}.{secret}"),
        format!("{secret}.{secret}.{secret}.{secret}"),
        format!("{secret}.{secret}.short"),
    ] {
        assert!(PendingGoogle::from_cookie(&value).is_none(), "{value}");
    }
}
