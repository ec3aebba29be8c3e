//! What admins do, and that nobody else does.

use http::Method;
use serde_json::{Value, json};

use crate::harness::{Answer, App, Client, Contract, Member};

const USERS: &str = "/api/v1/admin/users";

async fn change(client: &Client, user: &str, change: &Value) -> Answer {
    let path = format!("{USERS}/{user}");
    client.json(Method::PATCH, &path, change).await
}

async fn emails(root: &Member, query: &str) -> Vec<Value> {
    let page = root.client.get(&format!("{USERS}?{query}")).await;
    let items = page.data()["items"].as_array().unwrap().clone();
    items
        .into_iter()
        .map(|item| item["email"].clone())
        .collect()
}

#[tokio::test]
async fn admin_routes_are_closed_to_users() {
    let app = App::start().await;
    let ada = app.member("ada@example.org").await;
    let mut tried = 0;
    for operation in Contract::get().operations() {
        if !operation.path.starts_with("/api/v1/admin/") {
            continue;
        }
        tried += 1;
        let path = operation.path.replace("{userId}", &ada.user);
        let answer = ada.client.empty(operation.method.clone(), &path).await;
        assert_eq!(answer.error(), (403, "FORBIDDEN"), "{operation:?}");
    }
    assert!(tried >= 5, "{tried}");
}

#[tokio::test]
async fn accounts_are_listed_newest_first_by_address_and_role() {
    let app = App::start().await;
    let root = app.admin("root@example.org").await;
    app.clock.advance(chrono::TimeDelta::seconds(1));
    app.member("ada@example.org").await;
    assert_eq!(
        emails(&root, "").await,
        ["ada@example.org", "root@example.org"]
    );
    assert_eq!(emails(&root, "email=ADA").await, ["ada@example.org"]);
    assert_eq!(emails(&root, "role=admin").await, ["root@example.org"]);
    assert_eq!(emails(&root, "email=%25").await, Vec::<Value>::new());
    let first = root.client.get(&format!("{USERS}?limit=1")).await;
    let cursor = first.text("nextCursor");
    let rest = emails(&root, &format!("limit=1&cursor={cursor}")).await;
    assert_eq!(rest, ["root@example.org"]);
    let strange = root.client.get(&format!("{USERS}?role=king")).await;
    assert_eq!(strange.error(), (400, "VALIDATION_FAILED"));
}

#[tokio::test]
async fn an_account_is_shown_and_an_unknown_one_is_not_found() {
    let app = App::start().await;
    let root = app.admin("root@example.org").await;
    let shown = root.client.get(&format!("{USERS}/{}", root.user)).await;
    assert_eq!(shown.text("role"), "admin");
    for id in ["x", "0197a1b2-0000-7000-8000-000000000001"] {
        let answer = root.client.get(&format!("{USERS}/{id}")).await;
        assert_eq!(answer.error(), (404, "USER_NOT_FOUND"), "{id}");
        let answer = change(&root.client, id, &json!({})).await;
        assert_eq!(answer.error(), (404, "USER_NOT_FOUND"), "{id}");
    }
}

#[tokio::test]
async fn a_closed_account_is_out_at_once_and_back_when_opened() {
    let app = App::start().await;
    let root = app.admin("root@example.org").await;
    let ada = app.member("ada@example.org").await;
    let closed = change(&root.client, &ada.user, &json!({ "disabled": true })).await;
    assert_eq!(closed.data()["disabled"], true);
    let me = ada.client.get("/api/v1/auth/me").await;
    assert_eq!(me.error(), (401, "UNAUTHORIZED"));
    let open = json!({ "disabled": false });
    change(&root.client, &ada.user, &open).await.data();
    app.signed_in("ada@example.org").await;
}

#[tokio::test]
async fn a_new_role_counts_from_the_next_token_on() {
    let app = App::start().await;
    let root = app.admin("root@example.org").await;
    let ada = app.member("ada@example.org").await;
    let promoted = change(&root.client, &ada.user, &json!({ "role": "admin" })).await;
    assert_eq!(promoted.text("role"), "admin");
    let old = ada.client.get(USERS).await;
    assert_eq!(old.error(), (401, "UNAUTHORIZED"));
    let body = json!({ "refreshToken": ada.refresh });
    let next = app.client("x").post("/api/v1/auth/refresh", &body).await;
    let client = app.client("x").bearing(&next.text("token"));
    client.get(USERS).await.data();
}

#[tokio::test]
async fn admins_do_not_change_themselves() {
    let app = App::start().await;
    let root = app.admin("root@example.org").await;
    for own in [json!({ "role": "user" }), json!({ "disabled": true })] {
        let answer = change(&root.client, &root.user, &own).await;
        assert_eq!(answer.error(), (409, "OWN_ACCOUNT"));
    }
}

#[tokio::test]
async fn a_change_that_is_none_of_the_known_is_refused() {
    let app = App::start().await;
    let root = app.admin("root@example.org").await;
    let ada = app.member("ada@example.org").await;
    for strange in [
        json!({ "role": "king" }),
        json!({ "role": null }),
        json!({ "disabled": 1 }),
    ] {
        let answer = change(&root.client, &ada.user, &strange).await;
        assert_eq!(answer.error(), (400, "VALIDATION_FAILED"), "{strange}");
    }
}

#[tokio::test]
async fn what_admins_do_is_in_the_audit() {
    let app = App::start().await;
    let root = app.admin("root@example.org").await;
    let ada = app.member("ada@example.org").await;
    app.clock.advance(chrono::TimeDelta::seconds(1));
    change(&root.client, &ada.user, &json!({ "disabled": true })).await;
    app.clock.advance(chrono::TimeDelta::seconds(1));
    let path = format!("/api/v1/admin/audit?userId={}", ada.user);
    let audit = root.client.get(&path).await;
    let items = audit.data()["items"].as_array().unwrap();
    let events: Vec<_> = items
        .iter()
        .map(|item| item["event"].as_str().unwrap())
        .collect();
    assert_eq!(events[..2], ["audit_read", "account_disabled"]);
    assert_eq!(items[1]["actorId"], root.user);
    assert!(events.contains(&"registered") && events.contains(&"signed_in"));
}

#[tokio::test]
async fn admins_see_how_much_there_is_of_everything() {
    let app = App::start().await;
    let root = app.admin("root@example.org").await;
    let ada = app.member("ada@example.org").await;
    let bob = app.member("bob@example.org").await;
    change(&root.client, &bob.user, &json!({ "disabled": true })).await;
    ada.client
        .post("/api/v1/session/start", &json!({}))
        .await
        .data();
    let stats = root.client.get("/api/v1/admin/stats").await;
    let expected = json!({
        "users": 3,
        "accounts": { "all": 3, "users": 2, "admins": 1, "disabled": 1 },
        "sessions": { "all": 1, "active": 1 },
        "learningEvents": 0,
        "study": { "last7DaysSec": 0, "last30DaysSec": 0 },
    });
    assert_eq!(stats.data(), &expected);
    let audit = root.client.get("/api/v1/admin/audit").await;
    let items = audit.data()["items"].to_string();
    assert!(items.contains("totals_read"), "{items}");
}
