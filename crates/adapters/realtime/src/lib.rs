//! Talking with a model that speaks the OpenAI Realtime protocol (its GA shape).
//!
//! [`Realtime`] implements [`voice::model::RealtimeModel`]. A link has no task and no channel: who
//! polls it reads and writes, and dropping it closes the socket. What waits to be written is
//! counted in bytes and bounded; a peer that is dead is noticed; every way a session can end is
//! classified once, in `faults` and `errors`.
//!
//! Reading order: [`RealtimeSettings`], how a session is opened (`model`, `dial`, `tls`), one
//! session (`link`), its socket (`pump`, `outbox`, `pulse`), what is sent (`commands`), what is
//! heard (`reader`, `outcome`, `names`, `samples`), what it means when it ends (`errors`,
//! `faults`), the JSON (`wire`).

mod commands;
mod dial;
mod errors;
mod faults;
#[doc(hidden)]
pub mod fuzzing;
mod link;
mod model;
mod names;
mod outbox;
mod outcome;
mod pulse;
mod pump;
mod reader;
mod samples;
mod settings;
mod tls;
mod wire;

pub use model::Realtime;
pub use settings::{InvalidRealtimeSettings, NoiseReduction, RealtimeSettings, Retention};
