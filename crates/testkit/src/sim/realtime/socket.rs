//! A session's socket.

use std::collections::VecDeque;
use std::future::{pending, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use bytes::Bytes;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{Sink, SinkExt as _, StreamExt as _};
use serde_json::json;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout};

use super::ids::Ids;
use super::record::{Entry, RealtimeEnd};
use super::script::Deed;
use super::talk::{Ending, Talk};
use crate::sim::wire::Cut;

/// How long a client has to answer a closing handshake.
const GOODBYE: Duration = Duration::from_secs(5);
/// How long a client has to take what is left to say.
const LAST_WORDS: Duration = Duration::from_secs(1);
const PING: Duration = Duration::from_secs(20);

/// An error that ends a connection before it has a session.
#[derive(Debug)]
pub(super) struct Refused {
    kind: &'static str,
    code: &'static str,
    message: String,
    close: u16,
}

impl Refused {
    pub(super) fn new(code: &'static str, close: u16, message: impl Into<String>) -> Self {
        Self {
            kind: "invalid_request_error",
            code,
            message: message.into(),
            close,
        }
    }

    /// The same with another type of error.
    pub(super) fn typed(mut self, kind: &'static str) -> Self {
        self.kind = kind;
        self
    }

    pub(super) fn invalid_key(message: &str) -> Self {
        Self::new("invalid_api_key", 3000, message)
    }

    pub(super) fn model_not_found(model: &str) -> Self {
        let message =
            format!("The model `{model}` does not exist or you do not have access to it.");
        Self::new("model_not_found", 4004, message)
    }
}

/// A socket whose session is yet to come.
#[derive(Debug)]
pub(super) struct Socket {
    sink: Outgoing,
    stream: SplitStream<WebSocket>,
    cut: Cut,
    entry: Arc<Entry>,
    deeds: mpsc::UnboundedReceiver<Deed>,
    next_ping: Instant,
    /// Something is handed over and not yet flushed.
    dirty: bool,
}

/// What a round of serving brought.
enum Round {
    Message(Option<Result<Message, axum::Error>>),
    Deed(Deed),
    Sent(Result<(), axum::Error>),
    Due,
    Ping,
}

impl Socket {
    pub(super) fn new(
        socket: WebSocket,
        cut: Cut,
        entry: Arc<Entry>,
        deeds: mpsc::UnboundedReceiver<Deed>,
    ) -> Self {
        let (sink, stream) = socket.split();
        Self {
            sink,
            stream,
            cut,
            entry,
            deeds,
            next_ping: Instant::now() + PING,
            dirty: false,
        }
    }

    /// Says why, and closes.
    pub(super) async fn refuse(mut self, refused: Refused) {
        let Refused {
            kind,
            code,
            message,
            close,
        } = refused;
        let event_id = Ids::new(0, self.entry.number).next("event");
        let event = json!({"type": "error", "event_id": event_id, "error": {"type": kind,
            "code": code, "message": message, "param": null, "event_id": null}});
        let text = event.to_string();
        let sent = self.entry.event(text.clone());
        self.entry.note(|record| record.sent.push(sent));
        // A caller that is gone needs no reason.
        let _ = self.sink.send(Message::text(text)).await;
        self.close(close, format!("{kind}.{code}")).await;
    }

    /// Sends nothing until the client goes or a deed ends it.
    pub(super) async fn stay_silent(mut self) {
        loop {
            tokio::select! {
                message = self.stream.next() => {
                    if let Some(end) = ended(message.as_ref()) {
                        return self.left(end).await;
                    }
                }
                Some(deed) = self.deeds.recv() => match deed {
                    Deed::Close { code, reason } => return self.close(code, reason).await,
                    Deed::Lose => return self.cut(false),
                    Deed::Reset => return self.cut(true),
                    _ => {}
                },
            }
        }
    }

    /// Serves a session to its end.
    pub(super) async fn serve(mut self, mut talk: Talk) {
        loop {
            if let Some(ending) = talk.ending().cloned() {
                talk.give_back_transcripts();
                // What was said before the end still goes out, if the client takes it.
                let _ = timeout(
                    LAST_WORDS,
                    flush(&mut self.sink, talk.out(), &mut self.dirty),
                )
                .await;
                return match ending {
                    Ending::Lose => self.cut(false),
                    Ending::Reset => self.cut(true),
                    Ending::Close { code, reason } => self.close(code, reason).await,
                };
            }
            match self.round(&mut talk).await {
                Round::Message(message) => {
                    if let Some(end) = ended(message.as_ref()) {
                        return self.left(end).await;
                    }
                    take(&mut talk, message);
                }
                Round::Deed(deed) => talk.perform(deed),
                Round::Sent(Ok(())) => {}
                Round::Sent(Err(_)) => return self.end(RealtimeEnd::ClientGone),
                Round::Due => talk.tick(Instant::now()),
                Round::Ping => self.next_ping += PING,
            }
        }
    }

    async fn round(&mut self, talk: &mut Talk) -> Round {
        let (reads, due) = (talk.reads(), talk.due());
        let Self {
            sink,
            stream,
            deeds,
            next_ping,
            dirty,
            ..
        } = self;
        let unsent = *dirty || !talk.out().is_empty();
        tokio::select! {
            // Sending before reading keeps answers ahead of the next question.
            biased;
            Some(deed) = deeds.recv() => Round::Deed(deed),
            sent = flush(sink, talk.out(), dirty), if unsent => Round::Sent(sent),
            () = at(due) => Round::Due,
            message = stream.next(), if reads => Round::Message(message),
            () = sleep_until(*next_ping), if !unsent => {
                let sent = sink.send(Message::Ping(Bytes::new())).await;
                sent.map_or_else(|error| Round::Sent(Err(error)), |()| Round::Ping)
            }
        }
    }

    async fn close(mut self, code: u16, reason: String) {
        let frame = CloseFrame {
            code,
            reason: reason.into(),
        };
        // A client that is gone needs no goodbye, and one that says none is left.
        let goodbye = async {
            let _ = self.sink.send(Message::Close(Some(frame))).await;
            while let Some(Ok(_)) = self.stream.next().await {}
        };
        let _ = timeout(GOODBYE, goodbye).await;
        self.end(RealtimeEnd::ByServer(code));
    }

    /// The client has gone; its goodbye is answered.
    async fn left(mut self, end: RealtimeEnd) {
        let answer = async { while let Some(Ok(_)) = self.stream.next().await {} };
        // One that does not wait for the answer gets none.
        let _ = timeout(LAST_WORDS, answer).await;
        self.end(end);
    }

    fn cut(self, reset: bool) {
        if reset {
            self.cut.reset_on_close();
        }
        self.end(RealtimeEnd::Cut);
    }

    fn end(self, end: RealtimeEnd) {
        self.entry.note(|record| record.end = Some(end));
    }
}

type Outgoing = SplitSink<WebSocket, Message>;

/// Sends what waits. May be dropped at any point without losing or repeating a frame.
async fn flush(
    sink: &mut Outgoing,
    out: &mut VecDeque<String>,
    dirty: &mut bool,
) -> Result<(), axum::Error> {
    while !out.is_empty() {
        poll_fn(|context| Pin::new(&mut *sink).poll_ready(context)).await?;
        if let Some(text) = out.pop_front() {
            *dirty = true;
            Pin::new(&mut *sink).start_send(Message::text(text))?;
        }
    }
    sink.flush().await?;
    *dirty = false;
    Ok(())
}

async fn at(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due).await,
        None => pending().await,
    }
}

/// How the connection ended, if this says that it did.
fn ended(message: Option<&Result<Message, axum::Error>>) -> Option<RealtimeEnd> {
    match message {
        Some(Ok(Message::Close(frame))) => {
            let code = frame.as_ref().map(|frame| frame.code);
            Some(RealtimeEnd::ByClient(code))
        }
        Some(Ok(_)) => None,
        Some(Err(_)) | None => Some(RealtimeEnd::ClientGone),
    }
}

fn take(talk: &mut Talk, message: Option<Result<Message, axum::Error>>) {
    match message {
        Some(Ok(Message::Text(text))) => talk.receive(text.as_str()),
        Some(Ok(Message::Binary(_))) => talk.receive_binary(),
        // The library answers pings, and pongs want nothing.
        _ => {}
    }
}
