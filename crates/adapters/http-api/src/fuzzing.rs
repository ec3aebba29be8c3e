//! What a fuzzer reaches besides the routes; no part of the interface.

use voice::client::ClientEvent;

use crate::voice::{Heard, read};

/// What a text frame of the socket is understood as; `None` for one that presents a token.
pub fn socket_event(text: &str) -> Option<ClientEvent> {
    match read(text) {
        Heard::Auth(_) => None,
        Heard::Event(event) => Some(event),
    }
}
