//! Frames as they should not be.

use futures_util::SinkExt as _;
use tokio_tungstenite::tungstenite::Message;
use voice::model::{ModelEvent, Retry};

use crate::given::{lost, next, say, session};

const FINE: &str = r#"{"type":"session.updated"}"#;

#[tokio::test]
async fn frames_that_cannot_be_read_do_not_end_the_session() {
    let (mut link, mut peer) = session().await;
    for frame in [
        "",
        "garbage",
        "[]",
        "{}",
        r#"{"type":7}"#,
        r#"{"type":"response.output_audio.delta""#,
        r#"{"type":"response.output_audio.delta","delta":"AAAA"}"#,
        r#"{"type":"response.output_audio.delta","response_id":"r","item_id":"i","delta":"!"}"#,
    ] {
        say(&mut peer, frame).await;
    }
    peer.send(Message::binary(vec![0; 4])).await.unwrap();
    say(&mut peer, FINE).await;
    assert_eq!(next(&mut *link).await, Ok(ModelEvent::SessionUpdated));
}

#[tokio::test]
async fn what_this_build_does_not_know_is_told_by_name() {
    let (mut link, mut peer) = session().await;
    say(
        &mut peer,
        r#"{"type":"response.smell.delta","response_id":"r"}"#,
    )
    .await;
    let name = "response.smell.delta".to_owned();
    assert_eq!(next(&mut *link).await, Ok(ModelEvent::Unknown { name }));
}

#[tokio::test]
async fn a_frame_beyond_all_measure_ends_the_session_before_it_is_stored() {
    let (mut link, mut peer) = session().await;
    let huge = async {
        let huge = format!(r#"{{"type":"x","y":"{}"}}"#, "y".repeat(3 << 20));
        // The link is gone before all of it is written.
        drop(peer.send(Message::text(huge)).await);
    };
    let end = async {
        let end = lost(&mut *link).await;
        drop(link);
        end
    };
    let (lost, ()) = tokio::join!(end, huge);
    assert_eq!(lost.retry, Retry::MayHelp);
    assert!(lost.message.contains("too long"), "{lost}");
}

#[tokio::test]
async fn what_is_no_websocket_frame_ends_the_session() {
    use tokio::io::AsyncWriteExt as _;
    let (mut link, mut peer) = session().await;
    peer.get_mut().write_all(&[0xff; 64]).await.unwrap();
    assert_eq!(lost(&mut *link).await.retry, Retry::MayHelp);
}
