//! What happens before a conversation: who it is, and how they want to talk.

use std::future::poll_fn;
use std::time::Duration;

use axum::extract::ws::WebSocket;
use kernel::{SessionId, UserId};
use tokio::time::timeout;
use voice::client::{BadMessage, ClientEvent, ClientLink, ClientMessage, ServerMessage, Start};
use voice::{CloseCode, VoiceError};

use super::access::{Access, Refused, sign_in};
use super::socket::{Messages, Socket};
use super::wire::Heard;
use crate::error::ErrorCode;
use crate::state::Shared;

/// How long a device may take to sign in, and then to say how it wants to talk.
pub(crate) const SPEAK_WITHIN: Duration = Duration::from_secs(5);
/// How long a device that is turned away may take to say good-bye.
const LEAVE_WITHIN: Duration = Duration::from_secs(5);

/// Who stands at the door, as far as the upgrade told.
#[derive(Clone)]
pub(crate) enum Visitor {
    /// Somebody with this token.
    Member {
        /// It was taken already.
        token: String,
        /// Whose it is.
        caller: auth::Caller,
    },
    /// Somebody without a token, in open mode.
    Named(UserId),
    /// Nobody knows yet; the first message is to tell.
    Unknown,
}

impl Visitor {
    /// What whoever asks for no socket is told. Only over one may somebody say later who they are.
    pub(crate) const fn without_socket(&self) -> ErrorCode {
        match self {
            Self::Unknown => ErrorCode::Unauthorized,
            Self::Named(_) | Self::Member { .. } => ErrorCode::UpgradeRequired,
        }
    }
}

/// Leads a device in and holds the conversation to its end.
pub(crate) async fn receive(
    state: Shared,
    visitor: Visitor,
    session: Option<SessionId>,
    socket: WebSocket,
) {
    let _open = Open::new();
    let mut door = Door {
        socket: Socket::new(socket),
        state,
    };
    let outcome = match door.admit(visitor, session).await {
        Ok((user, start)) => {
            let Door { state, socket } = door;
            let talked = state.voice.talk(user, start, Box::new(socket)).await;
            talked.reason.as_str().to_owned()
        }
        Err(Refusal::Gone) => "gone".to_owned(),
        Err(Refusal::Left) => door.close(CloseCode::NORMAL, "").await,
        Err(Refusal::Error(error)) => door.refuse(error).await,
    };
    tracing::info!(reason = outcome, "a voice conversation has ended");
    metrics::counter!("voice_sessions_total", "reason" => outcome).increment(1);
}

/// Counts among the open conversations until dropped, however its task ends.
struct Open;

impl Open {
    fn new() -> Self {
        metrics::gauge!("voice_sessions_open").increment(1.0);
        Self
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        metrics::gauge!("voice_sessions_open").decrement(1.0);
    }
}

/// Why there is no conversation.
enum Refusal {
    /// The device has vanished.
    Gone,
    /// It said good-bye.
    Left,
    /// It is told.
    Error(VoiceError),
}

struct Door<S> {
    socket: Socket<S>,
    state: Shared,
}

impl<S: Messages> Door<S> {
    /// Who talks, and how. A session in the address begins at once; otherwise the first message
    /// may be `start`.
    async fn admit(
        &mut self,
        visitor: Visitor,
        session: Option<SessionId>,
    ) -> Result<(UserId, Start), Refusal> {
        let user = match visitor {
            Visitor::Member { token, caller } => self.let_in(token, &caller),
            Visitor::Named(user) => user,
            Visitor::Unknown => self.sign_in().await?,
        };
        if session.is_some() {
            let start = Start {
                session,
                ..Start::default()
            };
            return Ok((user, start));
        }
        self.first_words(user).await
    }

    fn let_in(&mut self, token: String, caller: &auth::Caller) -> UserId {
        let access = Access::new(self.state.clone(), token, caller);
        self.socket.guard(Some(access));
        caller.user
    }

    /// Nothing but a token counts.
    async fn sign_in(&mut self) -> Result<UserId, Refusal> {
        let refused = || Refusal::Error(VoiceError::Unauthenticated);
        let heard = timeout(SPEAK_WITHIN, self.hear()).await;
        match heard.map_err(|_| refused())?? {
            Heard::Auth(token) => self.check(token).await,
            Heard::Event(_) => Err(refused()),
        }
    }

    async fn check(&mut self, token: String) -> Result<UserId, Refusal> {
        match sign_in(&self.state, token).await {
            Ok((user, access)) => {
                self.socket.guard(Some(access));
                Ok(user)
            }
            Err(Refused::NotKnown) => Err(Refusal::Error(VoiceError::Internal)),
            Err(Refused::Unauthenticated) => Err(Refusal::Error(VoiceError::Unauthenticated)),
        }
    }

    /// A device that says nothing talks as everybody does; so does one that says something else
    /// first, which the conversation then hears. In open mode somebody may still sign in.
    async fn first_words(&mut self, mut user: UserId) -> Result<(UserId, Start), Refusal> {
        let deadline = tokio::time::Instant::now() + SPEAK_WITHIN;
        loop {
            let Ok(heard) = tokio::time::timeout_at(deadline, self.hear()).await else {
                return Ok((user, Start::default()));
            };
            match heard? {
                Heard::Auth(token) => user = self.check(token).await?,
                Heard::Event(ClientEvent::Alive) => {}
                Heard::Event(ClientEvent::Message(ClientMessage::Start(start))) => {
                    return Ok((user, start));
                }
                Heard::Event(ClientEvent::Message(ClientMessage::Ping)) => {
                    self.socket.send(ServerMessage::Pong);
                }
                Heard::Event(ClientEvent::Message(ClientMessage::End)) => {
                    return Err(Refusal::Left);
                }
                Heard::Event(ClientEvent::Unreadable(BadMessage(why))) => {
                    self.complain(VoiceError::BadMessage(why));
                }
                Heard::Event(ClientEvent::Unknown { name }) => {
                    self.complain(VoiceError::UnknownMessage(name));
                }
                Heard::Event(other) => {
                    self.socket.unread(other);
                    return Ok((user, Start::default()));
                }
            }
        }
    }

    fn complain(&mut self, error: VoiceError) {
        self.socket.send(ServerMessage::Error(error));
    }

    async fn hear(&mut self) -> Result<Heard, Refusal> {
        let heard = poll_fn(|context| self.socket.poll_heard(context)).await;
        heard.map_err(|_| Refusal::Gone)
    }

    async fn refuse(&mut self, error: VoiceError) -> String {
        let code = error.code();
        let close = error.close_code().unwrap_or(CloseCode::NORMAL);
        self.complain(error);
        self.close(close, code).await
    }

    /// Returns the reason.
    async fn close(&mut self, code: CloseCode, reason: &'static str) -> String {
        self.socket.start_close(code, reason);
        let closed = poll_fn(|context| self.socket.poll_closed(context));
        if timeout(LEAVE_WITHIN, closed).await.is_err() {
            tracing::debug!("a device that was turned away did not say good-bye");
        }
        if reason.is_empty() { "client" } else { reason }.to_owned()
    }
}
