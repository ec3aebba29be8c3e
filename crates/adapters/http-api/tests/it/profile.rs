//! What a user tells about themselves.

use http::Method;
use serde_json::{Value, json};

use crate::harness::App;

#[tokio::test]
async fn who_has_told_nothing_has_no_name_and_lives_in_utc() {
    let app = App::start().await;
    let answer = app.client("ada").get("/api/v1/user/profile").await;
    insta::assert_json_snapshot!(answer.masked(), @r#"
    {
      "name": null,
      "timeZone": "UTC",
      "userId": "[id]"
    }
    "#);
}

#[tokio::test]
async fn what_is_given_changes_and_what_is_missing_stays() {
    let app = App::start().await;
    let client = app.client("ada");
    let change = async |body: Value| {
        let answer = client
            .json(Method::PATCH, "/api/v1/user/profile", &body)
            .await;
        (
            answer.data()["name"].clone(),
            answer.data()["timeZone"].clone(),
        )
    };
    let berlin = json!("Europe/Berlin");
    assert_eq!(
        change(json!({ "name": " Ada " })).await,
        (json!("Ada"), json!("UTC"))
    );
    assert_eq!(
        change(json!({ "timeZone": berlin })).await,
        (json!("Ada"), berlin.clone())
    );
    assert_eq!(change(json!({})).await, (json!("Ada"), berlin.clone()));
    assert_eq!(change(json!({ "name": null })).await, (Value::Null, berlin));
}
