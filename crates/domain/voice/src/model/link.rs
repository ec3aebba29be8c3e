//! The port.

use std::task::{Context, Poll};

use async_trait::async_trait;

use crate::model::{ModelCommand, ModelEvent};

/// Opens sessions with a realtime model.
#[async_trait]
pub trait RealtimeModel: Send + Sync {
    /// The model's name as it is stored with what it cost.
    fn name(&self) -> &str;

    /// Opens a session for a student (a pseudonym, [`kernel::UserId::pseudonym`]). Nothing counts
    /// as connected before [`ModelEvent::SessionCreated`]: a refused key comes after this returns.
    async fn connect(&self, student: &str) -> Result<Box<dyn ModelLink>, ConnectError>;
}

/// One open session. Dropping it closes the socket at once.
///
/// One task owns it and polls it. Polling also writes: [`poll_event`](Self::poll_event) moves on
/// what waits to be sent, so a link needs no task of its own, and waits for neither direction
/// while the other one is stuck.
pub trait ModelLink: Send {
    /// Queues a command; never waits. On a link that is lost it does nothing: the loss is told by
    /// [`poll_event`](Self::poll_event).
    fn send(&mut self, command: ModelCommand);

    /// Bytes queued and not yet taken by the socket, as they go over the wire.
    fn waiting(&self) -> usize;

    /// The next event. Also moves on what waits to be sent and wakes when the socket takes more.
    /// After [`ModelLost`] the link is spent.
    fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<Result<ModelEvent, ModelLost>>;

    /// Asks the other side for a sign of life; it comes as [`ModelEvent::Pong`].
    fn ping(&mut self);

    /// Says good-bye and gives up what is queued; [`poll_closed`](Self::poll_closed) waits for it.
    fn start_close(&mut self);

    /// Ready when the good-bye is written or cannot be.
    fn poll_closed(&mut self, context: &mut Context<'_>) -> Poll<()>;
}

/// Whether another attempt can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// The network, an overload, a session that has expired.
    MayHelp,
    /// Key, model, quota, protocol.
    WillNotHelp,
}

/// A session could not be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the realtime model cannot be reached: {message}")]
pub struct ConnectError {
    /// Whether another attempt can help.
    pub retry: Retry,
    /// For logs, never with secrets.
    pub message: String,
}

/// A session is over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the realtime model's session is over: {message}")]
pub struct ModelLost {
    /// Whether another session can help.
    pub retry: Retry,
    /// The close code and reason, or the socket's error; for logs.
    pub message: String,
}
