//! One socket: writes what waits, reads what comes, and notices a peer that is dead.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_util::{Sink as _, Stream as _};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::Instant;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Bytes, Error, Message, Utf8Bytes};

use crate::outbox::{Full, Outbox};
use crate::pulse::{Due, Overdue, Patience, Pulse};

/// Bytes handed to the socket before they are flushed together: a few frames of audio.
const BATCH: usize = 8 * 1024;

/// What the socket told.
#[derive(Debug)]
pub(crate) enum Heard {
    /// One frame of text.
    Text(Utf8Bytes),
    /// A frame of bytes, which the protocol does not know.
    Binary,
    /// The answer to a ping.
    Pong,
    /// The end.
    Over(Over),
}

/// How a socket ended. It is not to be polled again.
#[derive(Debug)]
pub(crate) enum Over {
    /// With the peer's close.
    Closed(Option<CloseFrame>),
    /// After the close from here, or with the peer's silent going.
    Ended,
    /// The network or the protocol failed.
    Failed(Error),
    /// The peer is dead.
    Overdue(Overdue),
}

/// Drives one socket whenever it is polled; nothing happens between polls.
#[derive(Debug)]
pub(crate) struct Pump<S> {
    socket: WebSocketStream<S>,
    outbox: Outbox,
    pulse: Pulse,
    /// Bytes of the outbox that the socket holds.
    in_flight: usize,
    /// The socket holds something.
    dirty: bool,
    asking: bool,
    close: Close,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Close {
    No,
    Wanted,
    Put,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Pump<S> {
    pub(crate) fn new(socket: WebSocketStream<S>, patience: Patience) -> Self {
        Self {
            socket,
            outbox: Outbox::default(),
            pulse: Pulse::new(Instant::now(), patience),
            in_flight: 0,
            dirty: false,
            asking: false,
            close: Close::No,
        }
    }

    /// Queues a frame; after a good-bye, nothing.
    pub(crate) fn push(&mut self, frame: String) -> Result<(), Full> {
        match self.close {
            Close::No => self.outbox.push(frame),
            Close::Wanted | Close::Put => Ok(()),
        }
    }

    /// Bytes queued and not yet taken by the operating system.
    pub(crate) fn waiting(&self) -> usize {
        self.outbox.waiting()
    }

    /// Sends a ping at the next poll.
    pub(crate) fn ping(&mut self) {
        self.asking = true;
    }

    /// The peer has let us in.
    pub(crate) fn welcomed(&mut self) {
        self.pulse.welcomed();
    }

    /// Forgets what is queued and says good-bye.
    pub(crate) fn close(&mut self) {
        self.outbox.forget();
        if self.close == Close::No {
            self.close = Close::Wanted;
            self.pulse.closing(Instant::now());
        }
    }

    /// Reads and writes what can be done now.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Heard> {
        let heard = self.read(cx);
        let written = self.write(cx);
        match (heard, written) {
            // A peer's last words count more than that it no longer listens.
            (Poll::Ready(heard), _) => Poll::Ready(heard),
            (Poll::Pending, Poll::Ready(Err(error))) => {
                Poll::Ready(Heard::Over(Over::Failed(error)))
            }
            (Poll::Pending, _) => self.watch(cx),
        }
    }

    /// Frees what a spent link need not keep.
    pub(crate) fn forget(&mut self) {
        self.outbox.forget();
        self.outbox.written(std::mem::take(&mut self.in_flight));
    }

    fn read(&mut self, cx: &mut Context<'_>) -> Poll<Heard> {
        loop {
            let next = ready!(Pin::new(&mut self.socket).poll_next(cx));
            self.pulse.heard(Instant::now());
            return Poll::Ready(match next {
                Some(Ok(Message::Text(text))) => Heard::Text(text),
                Some(Ok(Message::Binary(_))) => Heard::Binary,
                Some(Ok(Message::Pong(_))) => Heard::Pong,
                // The socket answers pings by itself.
                Some(Ok(Message::Ping(_) | Message::Frame(_))) => continue,
                Some(Ok(Message::Close(frame))) => {
                    // The answer leaves now or, to a peer that takes nothing, not at all.
                    drop(Pin::new(&mut self.socket).poll_flush(cx));
                    Heard::Over(Over::Closed(frame))
                }
                Some(Err(error)) => Heard::Over(Over::Failed(error)),
                None => Heard::Over(Over::Ended),
            });
        }
    }

    /// Batch by batch, so that the count of what waits falls as the peer takes it.
    fn write(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        loop {
            if self.dirty {
                ready!(self.flush(cx))?;
            }
            self.fill()?;
            if !self.dirty {
                return Poll::Ready(Ok(()));
            }
        }
    }

    fn flush(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let flushed = Pin::new(&mut self.socket).poll_flush(cx);
        if flushed.is_pending() {
            self.pulse.stuck(Instant::now());
            return Poll::Pending;
        }
        self.pulse.unstuck();
        self.outbox.written(std::mem::take(&mut self.in_flight));
        self.dirty = false;
        flushed
    }

    /// Everything earlier is flushed, so the socket takes a batch whether or not it can write it.
    fn fill(&mut self) -> Result<(), Error> {
        if std::mem::take(&mut self.asking) && self.close != Close::Put {
            self.put(Message::Ping(Bytes::new()))?;
        }
        while self.close != Close::Put && self.in_flight < BATCH {
            let Some(frame) = self.outbox.pop() else {
                return self.put_close();
            };
            self.in_flight += frame.len();
            self.put(Message::text(frame))?;
        }
        Ok(())
    }

    fn put_close(&mut self) -> Result<(), Error> {
        if self.close != Close::Wanted {
            return Ok(());
        }
        self.close = Close::Put;
        self.put(Message::Close(Some(CloseFrame {
            code: CloseCode::Normal,
            reason: Utf8Bytes::default(),
        })))
    }

    fn put(&mut self, message: Message) -> Result<(), Error> {
        self.dirty = true;
        Pin::new(&mut self.socket).start_send(message)
    }

    fn watch(&mut self, cx: &mut Context<'_>) -> Poll<Heard> {
        match ready!(self.pulse.poll_due(cx)) {
            Due::Ping => {
                self.asking = true;
                // The ping is written by the poll this asks for.
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Due::Over(overdue) => Poll::Ready(Heard::Over(Over::Overdue(overdue))),
        }
    }
}
