//! What the server depends on is away.

use serde_json::json;

use crate::harness::{App, Setup};

#[tokio::test]
async fn without_the_database_requests_fail_for_now() {
    let app = App::start().await;
    let client = app.client("ada");
    app.database.clone().close().await.unwrap();
    for path in [
        "/session",
        "/session/active",
        "/topic",
        "/bookmark",
        "/help-count",
        "/user/profile",
    ] {
        let answer = client.get(&format!("/api/v1{path}")).await;
        assert_eq!(answer.error(), (503, "DATABASE_UNAVAILABLE"), "{path}");
    }
    let start = client.post("/api/v1/session/start", &json!({})).await;
    assert_eq!(start.error(), (503, "DATABASE_UNAVAILABLE"));
    assert_eq!(
        client.upload(None).await.error(),
        (503, "DATABASE_UNAVAILABLE")
    );
}

#[tokio::test]
async fn without_room_for_what_may_have_to_wait_nothing_is_promised() {
    let setup = Setup {
        journal_bytes: 0,
        ..Setup::default()
    };
    let app = setup.start().await;
    let refused = app.client("ada").upload(None).await;
    assert_eq!(refused.error(), (503, "STORAGE_UNAVAILABLE"));
    assert_eq!(refused.headers["retry-after"], "30");
    assert_eq!(app.model.calls(), 0);
}
