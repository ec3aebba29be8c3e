//! The door of the voice tutor: one WebSocket as the link of a conversation.
//!
//! Reading order: what happens before a conversation (`door`), the link (`socket`), what waits to
//! be sent (`outbox`), whether its user may still talk (`access`), the JSON (`wire`).

mod access;
mod door;
mod outbox;
mod socket;
mod wire;

pub(crate) use access::{Access, Refused, sign_in};
pub(crate) use door::{SPEAK_WITHIN, Visitor, receive};
pub(crate) use socket::{BUFFER_BYTES, MAX_MESSAGE_BYTES};
pub(crate) use wire::{Heard, read};
