//! What a fuzzer reaches besides the routes; no part of the interface.

use voice::client::ClientEvent;

use crate::voice::{Heard, read};

/// The topic that a text frame of the socket of live events asks to follow, and after what.
pub fn follows(text: &str) -> Option<(String, Option<i64>)> {
    crate::events::follows(text)
}

/// What a text frame of the tutor's socket is understood as; `None` for one that presents a token.
pub fn socket_event(text: &str) -> Option<ClientEvent> {
    match read(text) {
        Heard::Auth(_) => None,
        Heard::Event(event) => Some(event),
    }
}
