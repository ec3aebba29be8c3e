//! Nobody sees what is not theirs.

use reqwest::Method;
use serde_json::json;

use crate::harness::{Model, Setup, page};

#[tokio::test]
async fn what_belongs_to_another_user_is_as_missing_as_what_never_was() {
    let model = Model::start().await;
    model.says("Biology", "", "x");
    let server = Setup::embedded(&model.url()).start().await;
    let (ada, bob) = (server.client("ada"), server.client("bob"));
    let uploaded = ada.upload(page(), "p.jpg", None).await.data().clone();
    let session = uploaded["sessionId"].as_str().unwrap();
    let event = &uploaded["analysisId"];
    let bookmark = ada
        .post("/api/bookmark", json!({ "analysisId": event }))
        .await
        .data()["bookmarkId"]
        .clone();
    let bookmark = bookmark.as_str().unwrap();

    for path in ["", "/events", "/topic-stats"] {
        let answer = bob.get(&format!("/api/session/{session}{path}")).await;
        assert_eq!(
            answer.error(),
            (404, "SESSION_NOT_FOUND".to_owned()),
            "{path}"
        );
    }
    let end = bob
        .post(&format!("/api/session/{session}/end"), json!({}))
        .await;
    assert_eq!(end.error(), (404, "SESSION_NOT_FOUND".to_owned()));
    let upload = bob.upload(page(), "p.jpg", Some(session)).await;
    assert_eq!(upload.error(), (404, "SESSION_NOT_FOUND".to_owned()));
    let analyze = bob
        .post("/api/analyze", json!({ "s3Key": uploaded["s3Key"] }))
        .await;
    assert_eq!(analyze.error(), (404, "OBJECT_NOT_FOUND".to_owned()));
    let mark = bob
        .post("/api/bookmark", json!({ "analysisId": event }))
        .await;
    assert_eq!(mark.error(), (404, "ANALYSIS_NOT_FOUND".to_owned()));
    for method in [Method::PATCH, Method::DELETE] {
        let request = bob
            .request(method, &format!("/api/bookmark/{bookmark}"))
            .json(&json!({ "note": "mine" }));
        assert_eq!(
            bob.send(request).await.error(),
            (404, "BOOKMARK_NOT_FOUND".to_owned())
        );
    }
    let lists = [
        "/api/session",
        "/api/bookmark",
        "/api/topic",
        "/api/help-count",
    ];
    for path in lists {
        assert_eq!(bob.get(path).await.data()["items"], json!([]), "{path}");
    }
}
