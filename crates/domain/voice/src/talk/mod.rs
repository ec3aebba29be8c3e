//! One conversation as one task: the relay between its two links.

mod begin;
mod drive;
mod effects;
mod finish;
mod job;
mod writer;

pub(crate) use writer::is_erased;

use std::future::poll_fn;

use kernel::UserId;

use crate::client::{ClientLink, Start};
use crate::talk::begin::{Begun, refuse};
use crate::talk::drive::Talk;
use crate::voice::{TalkOutcome, Voice};

/// See [`Voice::talk`].
pub(crate) async fn talk(
    voice: &Voice,
    user: UserId,
    start: Start,
    client: Box<dyn ClientLink>,
) -> TalkOutcome {
    match voice.begin(user, start).await {
        Err(error) => refuse(voice, client, error).await,
        Ok(begun) => converse(voice, begun, client).await,
    }
}

async fn converse(voice: &Voice, begun: Begun, client: Box<dyn ClientLink>) -> TalkOutcome {
    let id = begun.session.id;
    // Some 30 KB, which would travel with the future.
    let mut talk = Box::new(Talk::new(voice.clone(), begun, client));
    let farewell = poll_fn(|context| talk.poll(context)).await;
    let stored = talk.put_away(farewell.reason.clone());
    talk.close_client(&farewell).await;
    drop(talk);
    // The task that stores tells when it is done; one that was dropped tells too.
    let _stored = stored.await;
    TalkOutcome {
        id: Some(id),
        reason: farewell.reason,
    }
}
