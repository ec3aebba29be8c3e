//! The port.

use std::task::{Context, Poll};

use bytes::Bytes;

use crate::CloseCode;
use crate::client::{ClientEvent, ServerMessage};

/// A device's open socket, past authentication. Implemented by the door.
///
/// One task owns it and polls it. Polling also writes: [`poll_event`](Self::poll_event) moves on
/// what waits to be sent. Messages and audio go out in the order they were sent.
pub trait ClientLink: Send {
    /// The next event. Also moves on what waits to be sent and wakes when the socket takes more.
    /// After [`ClientGone`] the link is spent.
    fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<Result<ClientEvent, ClientGone>>;

    /// Queues a message; never waits and never drops.
    fn send(&mut self, message: ServerMessage);

    /// Queues audio; never waits.
    fn send_audio(&mut self, audio: Bytes);

    /// Bytes of audio queued and not yet taken by the socket.
    fn waiting_audio(&self) -> usize;

    /// Forgets queued audio of which nothing was written yet; messages stay in their order.
    fn forget_audio(&mut self);

    /// Asks the device for a sign of life; it comes as [`ClientEvent::Alive`].
    fn ping(&mut self);

    /// Queues the close after the messages already queued; audio still queued is forgotten.
    fn start_close(&mut self, code: CloseCode, reason: &str);

    /// Ready when the close is written or cannot be.
    fn poll_closed(&mut self, context: &mut Context<'_>) -> Poll<()>;
}

/// The device is gone: it closed, or its network did.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the device is gone: {0}")]
pub struct ClientGone(
    /// Why, for logs.
    pub String,
);
