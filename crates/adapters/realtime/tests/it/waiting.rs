//! A model that does not read.

use bytes::Bytes;
use voice::model::{ModelCommand, ModelLink, Retry};

use crate::given::{Peer, heard, lost, say, session, while_polling};

const LIMIT: usize = 400 * 1024;

/// Sends numbered frames until more than `bytes` wait; tells how many were sent.
async fn fill(link: &mut dyn ModelLink, bytes: usize) -> u32 {
    let mut sent = 0;
    while link.waiting() <= bytes {
        link.send(ModelCommand::AppendAudio(numbered(sent)));
        sent += 1;
        // Whatever the system takes, it takes now.
        while_polling(link, tokio::task::yield_now()).await;
        assert!(sent < 100_000, "the system takes everything");
    }
    sent
}

fn numbered(number: u32) -> Bytes {
    number.to_le_bytes().repeat(240).into()
}

#[tokio::test]
async fn bytes_that_the_model_does_not_read_are_counted_and_bounded() {
    let (mut link, _peer) = session().await;
    fill(&mut *link, 300 * 1024).await;
    while link.waiting() > 0 {
        let before = link.waiting();
        link.send(ModelCommand::AppendAudio(numbered(0)));
        assert!(link.waiting() <= LIMIT);
        assert_ne!(link.waiting(), before);
    }
    let lost = lost(&mut *link).await;
    assert_eq!(lost.retry, Retry::MayHelp);
    assert!(lost.message.contains("too much waits"), "{lost}");
}

#[tokio::test]
async fn a_model_that_reads_again_gets_everything_in_order() {
    let (mut link, mut peer) = session().await;
    let sent = fill(&mut *link, 100 * 1024).await;
    while_polling(&mut *link, all(&mut peer, sent)).await;
    while_polling(&mut *link, tokio::task::yield_now()).await;
    assert_eq!(link.waiting(), 0);
}

async fn all(peer: &mut Peer, sent: u32) {
    for number in 0..sent {
        let event = heard(peer).await;
        assert_eq!(event["audio"], base64(&numbered(number)));
    }
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

#[tokio::test]
async fn a_model_that_does_not_read_is_still_heard() {
    let (mut link, mut peer) = session().await;
    fill(&mut *link, 100 * 1024).await;
    say(&mut peer, r#"{"type":"session.updated"}"#).await;
    let event = crate::given::next(&mut *link).await.unwrap();
    assert_eq!(event, voice::model::ModelEvent::SessionUpdated);
}
