//! Bytes that are given up when nobody takes them.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use tokio::sync::mpsc;

use crate::ports::ArchiveBytes;

/// A portion of an archive; `None` after the last one, to tell the end from giving up.
type Portion = Option<io::Result<Bytes>>;

/// What a reader takes of an archive. It ends with an error if the archive was not whole or was
/// given up.
pub(super) struct Paced {
    portions: mpsc::Receiver<Portion>,
    is_over: bool,
}

/// What is read of `bytes` while somebody carries the other half out: it passes the portions on, and
/// lets go of everything when one was not taken within `stall`.
pub(super) fn paced(
    bytes: ArchiveBytes,
    stall: Duration,
) -> (Paced, impl Future<Output = Handed> + Send) {
    let (give, portions) = mpsc::channel(1);
    let paced = Paced {
        portions,
        is_over: false,
    };
    (paced, hand_on(bytes, give, stall))
}

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Handed {
    /// All was taken, or the reader went away.
    Over,
    /// Nobody took anything for too long.
    GivenUp,
}

async fn hand_on(mut bytes: ArchiveBytes, give: mpsc::Sender<Portion>, stall: Duration) -> Handed {
    loop {
        let portion = bytes.next().await;
        let is_last = portion.is_none();
        match tokio::time::timeout(stall, give.send(portion)).await {
            Ok(Ok(())) if is_last => return Handed::Over,
            Ok(Ok(())) => {}
            Ok(Err(_)) => return Handed::Over,
            Err(_) => return Handed::GivenUp,
        }
    }
}

impl Stream for Paced {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.is_over {
            return Poll::Ready(None);
        }
        let portion = std::task::ready!(self.portions.poll_recv(cx));
        let given_up = || Some(Err(io::ErrorKind::TimedOut.into()));
        let portion = portion.unwrap_or_else(given_up);
        self.is_over = !matches!(portion, Some(Ok(_)));
        Poll::Ready(portion)
    }
}
