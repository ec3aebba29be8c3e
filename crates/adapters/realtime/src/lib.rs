//! Talking with a model that speaks the OpenAI Realtime protocol.

mod outbox;
mod settings;
mod tls;
mod wire;

pub use settings::{InvalidRealtimeSettings, RealtimeSettings};
