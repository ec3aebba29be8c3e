//! What the server does to a connection.

use serde::Deserialize;
use serde_json::Value;

/// A deed, done by the script or by [`super::super::RealtimeConnection::perform`].
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Deed {
    /// The session's time is over: error `session_expired`, then close 1001.
    Expire,
    /// A closing handshake.
    Close {
        /// 1000 to 4999.
        code: u16,
        /// At most 123 bytes.
        reason: String,
    },
    /// The connection ends without a closing handshake.
    Lose,
    /// The connection is reset.
    Reset,
    /// Nothing is read any more; the client comes to wait once the system's buffers are full.
    StopReading,
    /// Reads again.
    ReadAgain,
    /// An `error` event; the session lives.
    Error {
        /// Such as `server_error`.
        kind: String,
        /// Such as `rate_limit_exceeded`.
        code: String,
        /// For people.
        message: String,
    },
    /// This event; an `event_id` is added where there is none.
    Send(Value),
    /// This text, whatever it is.
    SendText(String),
    /// Answers that wait at their [`super::Answer::hold_at_ms`] go on.
    Release,
}
