//! Signs of life.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use tokio_tungstenite::tungstenite::Message;
use voice::model::{ModelEvent, Retry};

use crate::given::{lost, next, say, session, session_with, while_polling};

const WELCOME: &str = r#"{"type":"session.created"}"#;

#[tokio::test]
async fn a_ping_is_answered_and_a_pong_is_told() {
    let (mut link, mut peer) = session().await;
    peer.send(Message::Ping("are you there".into()))
        .await
        .unwrap();
    let pong = while_polling(&mut *link, peer.next())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(pong, Message::Pong("are you there".into()));
    link.ping();
    let answer = async {
        let asked = peer.next().await.unwrap().unwrap();
        peer.flush().await.unwrap();
        asked
    };
    let (event, asked) = tokio::join!(next(&mut *link), answer);
    assert!(asked.is_ping());
    assert_eq!(event, Ok(ModelEvent::Pong));
}

#[tokio::test]
async fn a_silent_peer_is_asked_again_and_again_and_lives_as_long_as_it_answers() {
    let (mut link, mut peer) = session_with(|settings| {
        settings.ping_after = Duration::from_millis(10);
        settings.dead_after = Duration::from_mins(1);
    })
    .await;
    let answer = async {
        for _ in 0..3 {
            assert!(peer.next().await.unwrap().unwrap().is_ping());
        }
    };
    while_polling(&mut *link, answer).await;
}

#[tokio::test]
async fn a_peer_that_gives_no_sign_of_life_is_given_up() {
    let (mut link, mut peer) = session().await;
    say(&mut peer, WELCOME).await;
    next(&mut *link).await.unwrap();
    // Nothing happens any more, so the clock runs on to whatever is due.
    tokio::time::pause();
    let lost = lost(&mut *link).await;
    assert_eq!(lost.retry, Retry::MayHelp);
    assert_eq!(lost.message, "no sign of life for 45 s");
}
