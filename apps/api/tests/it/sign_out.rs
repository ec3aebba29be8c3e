//! Who is signed out is out, everywhere and at once.

use futures_util::future::join_all;
use serde_json::json;

use crate::harness::{PASSWORD, Setup, Tokens, everywhere};

everywhere! {
    a_hundred_refreshes_at_once_leave_one_family_and_log_nobody_out,
    a_device_is_signed_out_from_another_one,
}

#[tokio::test]
async fn a_second_process_on_the_same_database_refuses_a_signed_out_token_at_once() {
    let (setup, _stores) = Setup::default().secured().on_production_stores();
    let (first, second) = (setup.start().await, setup.start().await);
    let tokens = first.stranger().register("ada@example.org").await;
    assert!(second.stranger().lets_in(&tokens.access).await);

    let ada = first.stranger().bearing(&tokens.access);
    ada.post("/api/v1/auth/logout", json!({})).await.data();
    assert!(!second.stranger().lets_in(&tokens.access).await);
    assert!(!first.stranger().lets_in(&tokens.access).await);
    let refused = second.stranger().refresh(&tokens.refresh).await;
    assert_eq!(refused.error(), (401, "REFRESH_INVALID".to_owned()));
}

async fn a_hundred_refreshes_at_once_leave_one_family_and_log_nobody_out(setup: Setup) {
    let server = setup.start().await;
    let client = server.stranger();
    let first = client.register("ada@example.org").await;
    let all = join_all((0..100).map(|_| client.refresh(&first.refresh))).await;
    let all: Vec<Tokens> = all.into_iter().map(Tokens::from).collect();
    for tokens in &all {
        assert!(client.lets_in(&tokens.access).await);
        let next: Tokens = client.refresh(&tokens.refresh).await.into();
        assert!(client.lets_in(&next.access).await);
    }
    let ada = client.bearing(&all[0].access);
    let devices = ada.get("/api/v1/auth/devices").await;
    assert_eq!(devices.data()["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_old_refresh_token_that_comes_back_a_minute_later_ends_its_family() {
    let server = Setup::default().secured().start().await;
    let client = server.stranger();
    let stolen = client.register("ada@example.org").await;
    let owners: Tokens = client.refresh(&stolen.refresh).await.into();
    server.make_swaps_a_minute_older();
    let thief = client.refresh(&stolen.refresh).await;
    assert_eq!(thief.error(), (401, "REFRESH_REUSED".to_owned()));
    assert!(!client.lets_in(&owners.access).await);
    let owner = client.refresh(&owners.refresh).await;
    assert_eq!(owner.error(), (401, "REFRESH_INVALID".to_owned()));

    let granted = server
        .command()
        .args(["admin", "grant", "ada@example.org"])
        .output();
    assert!(granted.unwrap().status.success());
    let ada: Tokens = client
        .sign_in("ada@example.org", PASSWORD, "x")
        .await
        .into();
    let audit = client.bearing(&ada.access).get("/api/v1/admin/audit").await;
    let happened = audit.data()["items"].to_string();
    assert!(happened.contains("refresh_reused"), "{happened}");
}

async fn a_device_is_signed_out_from_another_one(setup: Setup) {
    let server = setup.start().await;
    let client = server.stranger();
    client.register("ada@example.org").await;
    let enter = async |device| -> Tokens {
        client
            .sign_in("ada@example.org", PASSWORD, device)
            .await
            .into()
    };
    let (phone, laptop) = (enter("phone").await, enter("laptop").await);

    let ada = client.bearing(&laptop.access);
    let devices = ada.get("/api/v1/auth/devices").await;
    let devices = devices.data()["items"].as_array().unwrap();
    let named = |name| devices.iter().find(|device| device["name"] == name);
    assert_eq!(devices.len(), 3);
    assert_eq!(named("laptop").unwrap()["current"], true);
    let phones = named("phone").unwrap()["deviceId"].as_str().unwrap();
    let gone = ada.delete(&format!("/api/v1/auth/devices/{phones}")).await;
    gone.data();

    assert!(!client.lets_in(&phone.access).await);
    let refused = client.refresh(&phone.refresh).await;
    assert_eq!(refused.error(), (401, "REFRESH_INVALID".to_owned()));
    assert!(client.lets_in(&laptop.access).await);
}
