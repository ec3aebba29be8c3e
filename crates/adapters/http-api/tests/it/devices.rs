//! The devices somebody is signed in on, and where they are.

use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use http::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, App, Client, PASSWORD, Setup};

const DEVICES: &str = "/api/v1/auth/devices";

async fn login(client: &Client, device: Option<&str>) -> Answer {
    let body = json!({ "email": "ada@example.org", "password": PASSWORD, "deviceName": device });
    client.post("/api/v1/auth/login", &body).await
}

async fn names(client: &Client) -> Vec<Value> {
    let devices = client.get(DEVICES).await;
    let items = devices.data()["items"].as_array().unwrap().clone();
    items.into_iter().map(|item| item["name"].clone()).collect()
}

#[tokio::test]
async fn devices_are_listed_with_what_they_call_themselves() {
    let app = App::start().await;
    app.member("ada@example.org").await;
    let phone = app.client("x").with("user-agent", "app/1");
    let phone = phone.with("x-device-name", "a telephone");
    let token = login(&phone, Some("Ada's phone")).await.text("token");
    let devices = phone.bearing(&token).get(DEVICES).await;
    let items = devices.data()["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    let this = items.iter().find(|item| item["current"] == true).unwrap();
    assert_eq!(this["name"], "Ada's phone");
    assert_eq!(this["userAgent"], "app/1");
    assert_eq!(this["signedInAt"], "2026-03-04T10:00:00Z");
    let other = login(&phone, None).await.text("token");
    let names = names(&phone.bearing(&other)).await;
    assert!(names.contains(&json!("a telephone")), "{names:?}");
}

#[tokio::test]
async fn a_device_is_signed_out_from_another_one() {
    let app = App::start().await;
    let ada = app.member("ada@example.org").await;
    let lost = login(&app.client("x"), Some("lost")).await.text("token");
    let devices = ada.client.get(DEVICES).await;
    let items = devices.data()["items"].as_array().unwrap();
    let item = items.iter().find(|item| item["name"] == "lost").unwrap();
    let path = format!("{DEVICES}/{}", item["deviceId"].as_str().unwrap());
    let removed = ada.client.empty(Method::DELETE, &path).await;
    assert_eq!(removed.data()["deviceId"], item["deviceId"]);
    let answer = app.client("x").bearing(&lost).get(DEVICES).await;
    assert_eq!(answer.error(), (401, "UNAUTHORIZED"));
    assert_eq!(names(&ada.client).await.len(), 1);
    let again = ada.client.empty(Method::DELETE, &path).await;
    assert_eq!(again.error(), (404, "DEVICE_NOT_FOUND"));
}

#[tokio::test]
async fn the_device_of_another_user_is_as_missing_as_none() {
    let app = App::start().await;
    let ada = app.member("ada@example.org").await;
    let bob = app.member("bob@example.org").await;
    let devices = ada.client.get(DEVICES).await;
    let id = devices.data()["items"][0]["deviceId"].as_str().unwrap();
    for id in [id, "x", "0197a1b2-0000-7000-8000-000000000001"] {
        let path = format!("{DEVICES}/{id}");
        let answer = bob.client.empty(Method::DELETE, &path).await;
        assert_eq!(answer.error(), (404, "DEVICE_NOT_FOUND"), "{id}");
    }
    ada.client.get(DEVICES).await.data();
}

/// The address the audit knows of a sign-in over this connection.
async fn noted(trusted: &'static [&'static str], peer: &str, forwarded: &str) -> Value {
    let setup = Setup {
        trusted_proxies: trusted,
        ..Setup::default()
    };
    let app = setup.start().await;
    let root = app.admin("root@example.org").await;
    let body = json!({ "email": "ada@example.org", "password": PASSWORD }).to_string();
    let client = app.client("x").with("x-forwarded-for", forwarded);
    let request = client.request(Method::POST, "/api/v1/auth/register");
    let request = request.header("content-type", "application/json");
    let mut request = request.body(body.into()).unwrap();
    let peer: SocketAddr = peer.parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    let user = client.send(request).await.text("userId");
    let path = format!("/api/v1/admin/audit?userId={user}&limit=1");
    root.client.get(&path).await.data()["items"][0]["address"].clone()
}

#[tokio::test]
async fn the_address_is_the_one_that_trusted_proxies_know() {
    let proxies = &["10.0.0.0/8"];
    let forwarded = "203.0.113.9, 198.51.100.7, 10.0.0.2";
    let behind = Box::pin(noted(proxies, "10.0.0.1:4711", forwarded)).await;
    assert_eq!(behind, "198.51.100.7");
    let direct = Box::pin(noted(proxies, "192.0.2.1:4711", forwarded)).await;
    assert_eq!(direct, "192.0.2.1");
    let untrusted = Box::pin(noted(&[], "10.0.0.1:4711", forwarded)).await;
    assert_eq!(untrusted, "10.0.0.1");
}
