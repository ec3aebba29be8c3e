//! Messages as JSON.

use ledger::Recorded;
use serde::Deserialize;
use serde_json::{Value, json};

use super::topic::Topic;

/// What a client says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// A token, to come in or to stay.
    Auth(String),
    /// To follow a topic: after a place, or from now on.
    Subscribe(Topic, Option<i64>),
    Unsubscribe(Topic),
    Ping,
    /// A sign of life.
    Pong,
    Bad(Complaint),
}

/// What is wrong with what a client says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Complaint {
    BadMessage,
    UnknownMessage,
    UnknownTopic,
    SessionNotFound,
    JobNotFound,
    CursorAhead,
    TooManyTopics,
}

impl Complaint {
    const fn told(self) -> (&'static str, &'static str) {
        match self {
            Self::BadMessage => ("BAD_MESSAGE", "this is no message of this protocol"),
            Self::UnknownMessage => ("UNKNOWN_MESSAGE", "there is no message of this type"),
            Self::UnknownTopic => ("UNKNOWN_TOPIC", "a topic is user, session:<id> or job:<id>"),
            Self::SessionNotFound => (
                "SESSION_NOT_FOUND",
                "the caller has no session with this id",
            ),
            Self::JobNotFound => ("JOB_NOT_FOUND", "the caller has no job with this id"),
            Self::CursorAhead => (
                "CURSOR_AHEAD",
                "nothing has this cursor: read everything anew, then subscribe without `since`",
            ),
            Self::TooManyTopics => (
                "TOO_MANY_TOPICS",
                "this socket follows as many topics as it may",
            ),
        }
    }
}

/// Why a socket closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// The client has gone, or said good-bye.
    Gone,
    GoingAway,
    Unauthenticated,
    Slow,
    Dead,
    TooMany,
    /// The log is no longer the one that was followed.
    CursorAhead,
    Internal,
}

impl Ending {
    /// The close code, and the reason as clients and metrics see it.
    pub(super) const fn told(self) -> (u16, &'static str) {
        match self {
            Self::Gone => (1000, "client"),
            Self::GoingAway => (1001, "GOING_AWAY"),
            Self::Unauthenticated => (4401, "UNAUTHENTICATED"),
            Self::Slow => (4408, "TOO_SLOW"),
            Self::Dead => (4408, "DEAD"),
            Self::CursorAhead => (4409, "CURSOR_AHEAD"),
            Self::TooMany => (4429, "TOO_MANY_SOCKETS"),
            Self::Internal => (4500, "INTERNAL"),
        }
    }
}

#[derive(Deserialize)]
struct Message {
    #[serde(rename = "type")]
    kind: String,
    token: Option<String>,
    topic: Option<String>,
    since: Option<i64>,
}

/// What a text says.
pub(super) fn read(text: &str) -> Heard {
    let Ok(message) = serde_json::from_str::<Message>(text) else {
        return Heard::Bad(Complaint::BadMessage);
    };
    let topic = message.topic.as_deref().map(str::parse);
    match (message.kind.as_str(), message.token, topic) {
        ("ping", _, _) => Heard::Ping,
        ("pong", _, _) => Heard::Pong,
        ("auth", Some(token), _) => Heard::Auth(token),
        ("subscribe", _, Some(Ok(topic))) => match message.since {
            Some(since) if since < 0 => Heard::Bad(Complaint::BadMessage),
            since => Heard::Subscribe(topic, since),
        },
        ("unsubscribe", _, Some(Ok(topic))) => Heard::Unsubscribe(topic),
        ("subscribe" | "unsubscribe", _, Some(Err(_))) => Heard::Bad(Complaint::UnknownTopic),
        ("auth" | "subscribe" | "unsubscribe", _, _) => Heard::Bad(Complaint::BadMessage),
        _ => Heard::Bad(Complaint::UnknownMessage),
    }
}

/// The topic that a text asks to follow, as it is written, and after what; for a fuzzer.
pub(crate) fn follows(text: &str) -> Option<(String, Option<i64>)> {
    match read(text) {
        Heard::Subscribe(topic, since) => Some((topic.to_string(), since)),
        _ => None,
    }
}

/// Who it is is known.
pub(super) fn ready() -> Value {
    json!({ "type": "ready" })
}

/// A topic is followed after this place.
pub(super) fn subscribed(topic: Topic, cursor: i64) -> Value {
    json!({ "type": "subscribed", "topic": topic.to_string(), "cursor": cursor })
}

pub(super) fn unsubscribed(topic: Topic) -> Value {
    json!({ "type": "unsubscribed", "topic": topic.to_string() })
}

pub(super) fn ping() -> Value {
    json!({ "type": "ping" })
}

pub(super) fn pong() -> Value {
    json!({ "type": "pong" })
}

/// One entry of the log, under the topics it is told for.
///
/// # Errors
/// Never for entries of this build's kinds.
pub(super) fn event(recorded: &Recorded, topics: &[Topic]) -> Result<Value, serde_json::Error> {
    let Recorded { position, entry } = recorded;
    let topics: Vec<_> = topics.iter().map(Topic::to_string).collect();
    Ok(json!({
        "type": "event",
        "topics": topics,
        "cursor": position.number(),
        "id": entry.id,
        "name": entry.change.name(),
        "version": entry.change.version(),
        "actor": entry.actor.as_str(),
        "at": entry.server_time,
        "data": entry.change.payload()?,
    }))
}

/// Something was wrong; the socket goes on.
pub(super) fn complaint(complaint: Complaint, topic: Option<Topic>) -> Value {
    let (code, message) = complaint.told();
    let mut error = json!({ "type": "error", "code": code, "message": message, "fatal": false });
    if let Some(topic) = topic {
        error["topic"] = topic.to_string().into();
    }
    error
}

/// The socket closes after this.
pub(super) fn ending(ending: Ending) -> Value {
    let (_, code) = ending.told();
    json!({ "type": "error", "code": code, "message": "the socket closes", "fatal": true })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_clients_say_is_read_or_complained_about() {
        let bad = Heard::Bad;
        for (text, heard) in [
            (r#"{"type":"ping"}"#, Heard::Ping),
            (r#"{"type":"pong","more":1}"#, Heard::Pong),
            (
                r#"{"type":"auth","token":"t"}"#,
                Heard::Auth("t".to_owned()),
            ),
            (r#"{"type":"auth"}"#, bad(Complaint::BadMessage)),
            (
                r#"{"type":"subscribe","topic":"user"}"#,
                Heard::Subscribe(Topic::User, None),
            ),
            (
                r#"{"type":"subscribe","topic":"user","since":7}"#,
                Heard::Subscribe(Topic::User, Some(7)),
            ),
            (
                r#"{"type":"subscribe","topic":"user","since":-1}"#,
                bad(Complaint::BadMessage),
            ),
            (
                r#"{"type":"subscribe","topic":"user","since":"7"}"#,
                bad(Complaint::BadMessage),
            ),
            (
                r#"{"type":"subscribe","topic":"moon"}"#,
                bad(Complaint::UnknownTopic),
            ),
            (r#"{"type":"subscribe"}"#, bad(Complaint::BadMessage)),
            (
                r#"{"type":"unsubscribe","topic":"user"}"#,
                Heard::Unsubscribe(Topic::User),
            ),
            (r#"{"type":"dance"}"#, bad(Complaint::UnknownMessage)),
            ("{", bad(Complaint::BadMessage)),
            ("[]", bad(Complaint::BadMessage)),
        ] {
            assert_eq!(read(text), heard, "{text}");
        }
    }
}
