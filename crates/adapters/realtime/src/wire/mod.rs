//! The protocol as JSON: `append` and `client` go out, `server` comes in.

mod append;
mod client;
mod server;
mod session;
mod tolerant;

pub(crate) use append::append;
pub(crate) use client::{Body, ClientEvent, Item, ItemContent, Role, Tool};
pub(crate) use server::{Counts, Envelope, ErrorBody, InputTokens, RateLimit, Response, Usage};
pub(crate) use session::{
    Audio, Input, NoiseReduction, Session, TokenLimits, Transcription, Truncation, TurnDetection,
};
pub(crate) use tolerant::Text;
