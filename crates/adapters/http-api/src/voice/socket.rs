//! One WebSocket as the link of a conversation.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes};
use bytes::Bytes;
use futures_util::{Sink, Stream};
use tokio::time::{Sleep, sleep};
use tokio_tungstenite::tungstenite;
use voice::CloseCode;
use voice::client::{BadMessage, ClientEvent, ClientGone, ClientLink, ServerMessage};

use super::Access;
use super::outbox::{Frame, Outbox};
use super::wire::{self, Heard};

/// Read and write buffers of a socket: a few frames of sound. Kept for as long as the socket.
pub(crate) const BUFFER_BYTES: usize = 8 * 1024;
/// The longest message that is read. A frame of sound may have half of it; one that is longer is
/// only refused, and with still more the socket closes.
pub(crate) const MAX_MESSAGE_BYTES: usize = 128 * 1024;
/// Bytes handed to the socket before they are flushed together.
const BATCH_BYTES: usize = 8 * 1024;
/// Where nothing can be read any more, a device that still sends has so long to see the close.
const LAST_LOOK: Duration = Duration::from_secs(1);

/// A device's socket. Without a task of its own: it lives while it is polled, and dropping it
/// closes it.
pub(super) struct Socket<S> {
    stream: S,
    outbox: Outbox,
    access: Option<Access>,
    /// An event that was read before somebody wanted it.
    unread: Option<ClientEvent>,
    /// Bytes of sound that the stream holds.
    in_flight: usize,
    /// The stream holds something.
    dirty: bool,
    asking: bool,
    close: Close,
    reading: Reading,
}

enum Close {
    No,
    Wanted(CloseFrame),
    Put,
}

enum Reading {
    Open,
    /// A message was too long to be read over.
    Stuck(Option<Pin<Box<Sleep>>>),
    Over(ClientGone),
}

/// A stream of axum's messages in both directions.
pub(super) trait Messages:
    Stream<Item = Result<Message, axum::Error>> + Sink<Message, Error = axum::Error> + Unpin + Send
{
}

impl<S> Messages for S where
    S: Stream<Item = Result<Message, axum::Error>>
        + Sink<Message, Error = axum::Error>
        + Unpin
        + Send
{
}

impl<S: Messages> Socket<S> {
    pub(super) fn new(stream: S) -> Self {
        Self {
            stream,
            outbox: Outbox::default(),
            access: None,
            unread: None,
            in_flight: 0,
            dirty: false,
            asking: false,
            close: Close::No,
            reading: Reading::Open,
        }
    }

    /// From now on the conversation ends with this access.
    pub(super) fn guard(&mut self, access: Option<Access>) {
        self.access = access;
    }

    /// Gives an event back, to be the next one.
    pub(super) fn unread(&mut self, event: ClientEvent) {
        self.unread = Some(event);
    }

    /// What comes next; moves on what waits to be sent.
    pub(super) fn poll_heard(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Result<Heard, ClientGone>> {
        let heard = self.read(context);
        let written = self.write(context);
        match (heard, written) {
            // A device's last words count more than that it no longer listens.
            (Poll::Ready(heard), _) => Poll::Ready(heard),
            (Poll::Pending, Poll::Ready(Err(error))) => Poll::Ready(Err(self.lose(&error))),
            (Poll::Pending, _) if self.outbox.is_overfull() => {
                Poll::Ready(Err(self.lose(&"it does not read")))
            }
            (Poll::Pending, _) => Poll::Pending,
        }
    }

    fn read(&mut self, context: &mut Context<'_>) -> Poll<Result<Heard, ClientGone>> {
        match &self.reading {
            Reading::Open => {}
            Reading::Stuck(_) => return Poll::Pending,
            Reading::Over(gone) => return Poll::Ready(Err(gone.clone())),
        }
        let next = ready!(Pin::new(&mut self.stream).poll_next(context));
        Poll::Ready(match next {
            Some(Ok(Message::Binary(audio))) => Ok(Heard::Event(ClientEvent::Audio(audio))),
            Some(Ok(Message::Text(text))) => Ok(wire::read(&text)),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Ok(Heard::Event(ClientEvent::Alive)),
            Some(Ok(Message::Close(frame))) => {
                // The answer leaves now or, to a device that takes nothing, not at all.
                drop(Pin::new(&mut self.stream).poll_flush(context));
                let code = frame.map_or(1005, |frame| frame.code);
                Err(self.lose(&format_args!("it closed with {code}")))
            }
            Some(Err(error)) if is_too_long(&error) => {
                self.reading = Reading::Stuck(None);
                let limit = MAX_MESSAGE_BYTES;
                Ok(Heard::Event(ClientEvent::TooLong { limit }))
            }
            Some(Err(error)) => Err(self.lose(&error)),
            None => Err(self.lose(&"it closed")),
        })
    }

    /// Batch by batch, so that the count of what waits falls as the device takes it.
    fn write(&mut self, context: &mut Context<'_>) -> Poll<Result<(), axum::Error>> {
        loop {
            if self.dirty {
                ready!(Pin::new(&mut self.stream).poll_flush(context))?;
                self.outbox.written(std::mem::take(&mut self.in_flight));
                self.dirty = false;
            }
            self.fill()?;
            if !self.dirty {
                return Poll::Ready(Ok(()));
            }
        }
    }

    /// Everything earlier is flushed, so the socket takes a batch whether or not it can write it.
    fn fill(&mut self) -> Result<(), axum::Error> {
        if matches!(self.close, Close::Put) {
            return Ok(());
        }
        if std::mem::take(&mut self.asking) {
            self.put(Message::Ping(Bytes::new()))?;
        }
        let mut batch = 0;
        while batch < BATCH_BYTES {
            let Some(frame) = self.outbox.pop() else {
                return self.put_close();
            };
            batch += match frame {
                Frame::Text(text) => {
                    let len = text.len();
                    self.put(Message::Text(text.into()))?;
                    len
                }
                Frame::Audio(audio) => {
                    let len = audio.len();
                    self.in_flight += len;
                    self.put(Message::Binary(audio))?;
                    len
                }
            };
        }
        Ok(())
    }

    fn put_close(&mut self) -> Result<(), axum::Error> {
        if !matches!(self.close, Close::Wanted(_)) {
            return Ok(());
        }
        match std::mem::replace(&mut self.close, Close::Put) {
            Close::Wanted(frame) => self.put(Message::Close(Some(frame))),
            Close::No | Close::Put => Ok(()),
        }
    }

    fn put(&mut self, message: Message) -> Result<(), axum::Error> {
        self.dirty = true;
        Pin::new(&mut self.stream).start_send(message)
    }

    fn lose(&mut self, why: &dyn std::fmt::Display) -> ClientGone {
        let gone = ClientGone(why.to_string());
        self.reading = Reading::Over(gone.clone());
        gone
    }

    fn on_token(&mut self, token: String) -> Option<ClientEvent> {
        match &mut self.access {
            Some(access) => {
                access.renew(token);
                None
            }
            None => Some(ClientEvent::Unreadable(BadMessage(
                "auth comes before the conversation".to_owned(),
            ))),
        }
    }
}

impl<S: Messages> ClientLink for Socket<S> {
    fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<Result<ClientEvent, ClientGone>> {
        if let Some(event) = self.unread.take() {
            return Poll::Ready(Ok(event));
        }
        loop {
            if let Some(access) = &mut self.access
                && access.poll_ended(context).is_ready()
            {
                self.access = None;
                return Poll::Ready(Ok(ClientEvent::SignedOut));
            }
            match ready!(self.poll_heard(context))? {
                Heard::Event(event) => return Poll::Ready(Ok(event)),
                Heard::Auth(token) => {
                    if let Some(event) = self.on_token(token) {
                        return Poll::Ready(Ok(event));
                    }
                }
            }
        }
    }

    fn send(&mut self, message: ServerMessage) {
        match wire::written(&message) {
            Ok(text) => self.outbox.push_message(text),
            Err(error) => tracing::error!("a message cannot be written: {error}"),
        }
    }

    fn send_audio(&mut self, audio: Bytes) {
        self.outbox.push_audio(audio);
    }

    fn waiting_audio(&self) -> usize {
        self.outbox.waiting_audio()
    }

    fn forget_audio(&mut self) {
        self.outbox.forget_audio();
    }

    fn ping(&mut self) {
        self.asking = true;
    }

    fn start_close(&mut self, code: CloseCode, reason: &str) {
        self.outbox.forget_audio();
        if matches!(self.close, Close::No) {
            self.close = Close::Wanted(CloseFrame {
                code: code.number(),
                reason: Utf8Bytes::from(reason),
            });
        }
    }

    /// Waits for the device's own close too: a socket that is dropped while the device sends is
    /// reset, and the device may never see why.
    fn poll_closed(&mut self, context: &mut Context<'_>) -> Poll<()> {
        loop {
            if let Reading::Stuck(timer) = &mut self.reading {
                let timer = timer.get_or_insert_with(|| Box::pin(sleep(LAST_LOOK)));
                if timer.as_mut().poll(context).is_ready() {
                    return Poll::Ready(());
                }
            }
            if ready!(self.poll_heard(context)).is_err() {
                return Poll::Ready(());
            }
        }
    }
}

fn is_too_long(error: &axum::Error) -> bool {
    let source = std::error::Error::source(error);
    source
        .and_then(|source| source.downcast_ref::<tungstenite::Error>())
        .is_some_and(|error| matches!(error, tungstenite::Error::Capacity(_)))
}
