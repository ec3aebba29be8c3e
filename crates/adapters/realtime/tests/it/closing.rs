//! Good-byes, and what is left behind.

use std::future::poll_fn;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt as _;
use tokio_tungstenite::tungstenite::{Error, Message, error::ProtocolError};
use voice::model::{ModelCommand, ModelLink, Retry};

use crate::given::{lost, say, session, session_with};

async fn closed(link: &mut dyn ModelLink) {
    poll_fn(|cx| link.poll_closed(cx)).await;
}

#[tokio::test]
async fn a_good_bye_is_code_1000_and_gives_up_what_was_queued() {
    let (mut link, mut peer) = session().await;
    link.send(ModelCommand::AppendAudio(Bytes::from_static(&[0; 960])));
    link.start_close();
    link.send(ModelCommand::CreateResponse);
    assert_eq!(link.waiting(), 0);
    let peer = async {
        let Some(Ok(Message::Close(Some(frame)))) = peer.next().await else {
            panic!("something else first");
        };
        assert_eq!(u16::from(frame.code), 1000);
        // Reading on sends the answer.
        assert!(peer.next().await.is_none());
    };
    tokio::join!(closed(&mut *link), peer);
}

#[tokio::test]
async fn a_peer_that_does_not_answer_the_good_bye_holds_nobody_up() {
    let (mut link, _peer) =
        session_with(|settings| settings.close_timeout = Duration::from_millis(50)).await;
    link.start_close();
    closed(&mut *link).await;
    assert!(lost(&mut *link).await.message.contains("not answered"));
}

#[tokio::test]
async fn words_that_come_after_the_good_bye_do_not_stop_it() {
    let (mut link, mut peer) = session().await;
    link.start_close();
    for _ in 0..100 {
        say(&mut peer, r#"{"type":"session.updated"}"#).await;
    }
    let peer = async { while peer.next().await.is_some() {} };
    tokio::join!(closed(&mut *link), peer);
}

#[tokio::test]
async fn a_dropped_link_closes_its_socket() {
    let (link, mut peer) = session().await;
    drop(link);
    let end = peer.next().await.unwrap().unwrap_err();
    let reset = ProtocolError::ResetWithoutClosingHandshake;
    assert!(matches!(end, Error::Protocol(told) if told == reset));
}

#[tokio::test]
async fn a_peer_that_vanishes_is_worth_another_session() {
    let (mut link, peer) = session().await;
    drop(peer);
    assert_eq!(lost(&mut *link).await.retry, Retry::MayHelp);
}

#[tokio::test]
async fn a_spent_link_says_so_again_and_takes_nothing() {
    let (mut link, peer) = session().await;
    drop(peer);
    let first = lost(&mut *link).await;
    link.send(ModelCommand::AppendAudio(Bytes::from_static(&[0; 960])));
    link.ping();
    assert_eq!(link.waiting(), 0);
    assert_eq!(lost(&mut *link).await, first);
    link.start_close();
    closed(&mut *link).await;
}
