//! The realtime model's side: what it tells, what it is told, and the port.
//!
//! Nothing here is of one provider. Audio is mono 16-bit PCM, little-endian, 24 kHz, both ways.

mod command;
mod config;
mod event;
mod link;

pub use command::{CommandKind, ModelCommand, NewItem};
pub use config::{OnSpeech, SessionConfig, ToolSpec, TurnDetection};
pub use event::{CallRequest, ErrorClass, ModelError, ModelEvent, ResponseStatus};
pub use link::{ConnectError, ModelLink, ModelLost, RealtimeModel, Retry};
