//! Who may talk with the tutor.

use serde_json::json;
use testkit::voice_client::{Closed, VoiceClient};

use crate::harness::{Model, Server, Setup, Tokens};

async fn secured(model: &Model) -> (Server, Tokens) {
    let server = Setup::embedded(&model.url()).secured().start().await;
    let tokens = server.stranger().register("ada@example.org").await;
    (server, tokens)
}

fn code(closed: &Closed) -> Option<u16> {
    closed.code
}

async fn becomes_ready(mut device: VoiceClient) {
    device.say(json!({"type": "start"})).await;
    device.event("ready").await;
    device.end().await;
}

#[tokio::test]
async fn a_token_lets_a_device_in_as_header_cookie_or_first_message() {
    let model = Model::start().await;
    let (server, tokens) = secured(&model).await;
    let bearer = format!("Bearer {}", tokens.access);
    becomes_ready(
        server
            .knock("", &[("Authorization", &bearer)])
            .await
            .unwrap(),
    )
    .await;
    let cookie = format!("auth_token={}", tokens.access);
    becomes_ready(server.knock("", &[("Cookie", &cookie)]).await.unwrap()).await;
    let mut device = server.knock("", &[]).await.unwrap();
    device
        .say(json!({"type": "auth", "token": tokens.access}))
        .await;
    becomes_ready(device).await;
}

#[tokio::test]
async fn a_cookie_on_a_foreign_page_opens_nothing() {
    let model = Model::start().await;
    let (server, tokens) = secured(&model).await;
    let cookie = format!("auth_token={}", tokens.access);
    let foreign = [("Cookie", &*cookie), ("Origin", "https://evil.example")];
    let refused = server.knock("", &foreign).await.unwrap_err();
    assert_eq!(refused.status, 403);
    let own = [("Cookie", &*cookie), ("Origin", &*server.base)];
    becomes_ready(server.knock("", &own).await.unwrap()).await;
}

#[tokio::test]
async fn without_a_token_that_is_taken_there_is_no_conversation() {
    let model = Model::start().await;
    let (server, _) = secured(&model).await;
    let bad = [("Authorization", "Bearer nonsense")];
    assert_eq!(server.knock("", &bad).await.unwrap_err().status, 401);
    for first in [
        json!({"type": "auth", "token": "nonsense"}),
        json!({"type": "start"}),
    ] {
        let mut device = server.knock("", &[]).await.unwrap();
        device.say(first).await;
        let error = device.event("error").await;
        assert_eq!(
            (&error["code"], &error["fatal"]),
            (&json!("UNAUTHENTICATED"), &json!(true))
        );
        assert_eq!(code(&device.closed().await), Some(4401));
    }
    let mut silent = server.knock("", &[]).await.unwrap();
    assert_eq!(code(&silent.closed().await), Some(4401));
    assert!(model.realtime().connections().is_empty());
}

#[tokio::test]
async fn whoever_signs_out_no_longer_talks() {
    let model = Model::start().await;
    let (server, tokens) = secured(&model).await;
    let bearer = format!("Bearer {}", tokens.access);
    let mut device = server
        .knock("", &[("Authorization", &bearer)])
        .await
        .unwrap();
    device.say(json!({"type": "start"})).await;
    device.event("ready").await;
    let ada = server.stranger().bearing(&tokens.access);
    let body = json!({"refreshToken": tokens.refresh});
    ada.post("/api/v1/auth/logout", body).await.data();
    assert_eq!(device.event("error").await["code"], "UNAUTHENTICATED");
    assert_eq!(code(&device.closed().await), Some(4401));
}

#[tokio::test]
async fn a_new_token_may_take_the_place_of_the_old_one_but_not_that_of_somebody_else() {
    let model = Model::start().await;
    let (server, tokens) = secured(&model).await;
    let other = server.stranger().register("eve@example.org").await;
    let fresh: Tokens = server.stranger().refresh(&tokens.refresh).await.into();
    let bearer = format!("Bearer {}", tokens.access);
    let mut device = server
        .knock("", &[("Authorization", &bearer)])
        .await
        .unwrap();
    device.say(json!({"type": "start"})).await;
    device.event("ready").await;
    device
        .say(json!({"type": "auth", "token": fresh.access}))
        .await;
    device.say(json!({"type": "ping"})).await;
    device.event("pong").await;
    device
        .say(json!({"type": "auth", "token": other.access}))
        .await;
    assert_eq!(device.event("error").await["code"], "UNAUTHENTICATED");
    assert_eq!(code(&device.closed().await), Some(4401));
}

#[tokio::test]
async fn without_a_model_the_setting_is_named() {
    let server = Setup::default().start().await;
    let mut device = server.device("ada", "").await;
    device.say(json!({"type": "start"})).await;
    let error = device.event("error").await;
    assert_eq!(error["code"], "VOICE_NOT_CONFIGURED");
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("OPENAI_API_KEY"), "{message}");
    assert_eq!(code(&device.closed().await), Some(4503));
}

#[tokio::test]
async fn what_is_no_message_of_the_protocol_is_told_and_the_conversation_goes_on() {
    let model = Model::start().await;
    let server = Setup::embedded(&model.url()).start().await;
    let mut device = server.device("ada", "").await;
    device.say(json!({"type": "start"})).await;
    device.event("ready").await;
    device.say_text("hello").await;
    assert_eq!(device.event("error").await["code"], "BAD_MESSAGE");
    device.say(json!({"type": "dance"})).await;
    assert_eq!(device.event("error").await["code"], "UNKNOWN_MESSAGE");
    device.send_audio(vec![0; 6]).await;
    assert_eq!(device.event("error").await["code"], "BAD_AUDIO_FRAME");
    device.say(json!({"type": "ping"})).await;
    device.event("pong").await;
    device.send_audio(vec![0; 200_000]).await;
    assert_eq!(device.event("error").await["code"], "MESSAGE_TOO_LONG");
    assert_eq!(code(&device.closed().await), Some(1009));
}

#[tokio::test]
async fn sessions_of_others_and_of_nobody_are_not_talked_in() {
    let model = Model::start().await;
    let server = Setup::embedded(&model.url()).start().await;
    let session = server.client("ada").start_session().await;
    let mut device = server.device("eve", &format!("?sessionId={session}")).await;
    assert_eq!(device.event("error").await["code"], "SESSION_NOT_FOUND");
    assert_eq!(code(&device.closed().await), Some(4404));
    let refused = server.knock("?sessionId=1", &[]).await.unwrap_err();
    assert_eq!(refused.status, 404);
}
