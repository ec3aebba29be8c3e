//! Conversations with the tutor, and the door to them.

use http::Method;
use kernel::{Timestamp, UserId, Zone};
use ledger::{Actor, Change, Entry, VoiceStarted};
use serde_json::json;
use uuid::Uuid;
use voice::client::Speaker;
use voice::{
    Append, NewTurn, TalkState, Tokens, Turn, Usage, VoiceOpening, VoiceSession, VoiceStore,
};

use crate::harness::App;

const T0: &str = "2026-03-04T10:00:00Z";

fn entry(user: UserId, id: u128, change: Change) -> Entry {
    Entry {
        id: Uuid::from_u128(id).into(),
        user,
        actor: Actor::User,
        device_time: None,
        server_time: T0.parse().unwrap(),
        zone: Zone::UTC,
        change,
    }
}

/// Ada talks in this session.
async fn talk(app: &App, session: &str) -> VoiceSession {
    let at: Timestamp = T0.parse().unwrap();
    let session = VoiceSession {
        id: Uuid::from_u128(7).into(),
        user: UserId::from_name("ada"),
        session: session.parse().unwrap(),
        started_at: at,
        zone: Zone::UTC,
        state: TalkState::Open { last_seen_at: at },
        model: "m".to_owned(),
        usage: Usage::default(),
        cost_micros: Some(0),
    };
    let change = Change::VoiceStarted(VoiceStarted {
        voice_session_id: session.id,
        session_id: session.session,
        started_at: at,
    });
    let opening = VoiceOpening {
        entry: entry(session.user, 100, change),
        session: session.clone(),
    };
    app.database.open(&opening).await.unwrap();
    session
}

async fn say(app: &App, session: &VoiceSession, index: u32, text: &str) {
    let turn = Turn {
        index,
        speaker: Speaker::Student,
        item: "item".into(),
        text: text.to_owned(),
        at: session.started_at,
        heard_ms: None,
        spoken_ms: None,
    };
    let change = Change::VoiceTurn(ledger::VoiceTurn {
        voice_session_id: session.id,
        index,
        role: "user".to_owned(),
        at: turn.at,
        heard_ms: None,
    });
    let mut usage = Usage::default();
    usage.input += Tokens {
        audio: 10,
        ..Tokens::default()
    };
    let append = Append {
        id: session.id,
        user: session.user,
        turns: vec![NewTurn {
            turn,
            entry: entry(session.user, 200 + u128::from(index), change),
        }],
        usage,
        cost_micros: Some(320),
        at: session.started_at,
    };
    app.database.append(&append).await.unwrap();
}

#[tokio::test]
async fn a_conversation_is_served_with_its_transcript_and_what_it_cost() {
    let app = App::start().await;
    let ada = app.client("ada");
    let session = ada.start_session().await;
    let talked = talk(&app, &session).await;
    say(&app, &talked, 0, "What is light?").await;
    let answer = ada.get(&format!("/api/v1/voice/{}", talked.id)).await;
    let data = answer.data();
    assert_eq!(data["sessionId"], session.as_str());
    assert_eq!(data["status"], "active");
    assert_eq!(data["usage"]["input"]["audio"], 10);
    assert_eq!(data["costMicros"], 320);
    assert_eq!(data["transcript"][0]["text"], "What is light?");
    assert_eq!(data["recordings"], json!({"input": null, "output": null}));
    let later = format!("/api/v1/voice/{}?from=1", talked.id);
    assert_eq!(ada.get(&later).await.data()["transcript"], json!([]));
}

#[tokio::test]
async fn conversations_are_listed_for_their_user_and_by_session() {
    let app = App::start().await;
    let ada = app.client("ada");
    let session = ada.start_session().await;
    let talked = talk(&app, &session).await;
    let count = async |query: &str| {
        let answer = ada.get(&format!("/api/v1/voice{query}")).await;
        answer.data()["items"].as_array().unwrap().len()
    };
    assert_eq!(count("").await, 1);
    assert_eq!(count(&format!("?sessionId={session}")).await, 1);
    let eve = app.client("eve");
    assert_eq!(eve.get("/api/v1/voice").await.data()["items"], json!([]));
    for path in [
        format!("/api/v1/voice/{}", talked.id),
        "/api/v1/voice/1".to_owned(),
    ] {
        let answer = eve.get(&path).await;
        assert_eq!(answer.error(), (404, "VOICE_SESSION_NOT_FOUND"));
    }
    let foreign = format!("/api/v1/voice?sessionId={session}");
    let answer = eve.get(&foreign).await;
    assert_eq!(answer.error(), (404, "SESSION_NOT_FOUND"));
}

#[tokio::test]
async fn a_request_that_asks_for_no_socket_is_told_to() {
    let app = App::start().await;
    for path in ["/ws", "/api/ws", "/api/v1/ws"] {
        let answer = app.client("ada").get(path).await;
        assert_eq!(answer.error(), (426, "UPGRADE_REQUIRED"));
    }
    let posted = app.client("ada").empty(Method::POST, "/ws").await;
    assert_eq!(posted.error().0, 405);
}
