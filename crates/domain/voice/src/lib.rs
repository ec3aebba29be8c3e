//! The voice tutor: what stands between a student's device and a realtime model.
//!
//! [`Relay`] is the heart: every rule of a conversation as a state machine without socket, clock
//! or task. What happens goes in with the time ([`Relay::handle`]), what is to be done comes out
//! ([`Effect`]). [`Voice`] is the facade: it drives one relay per conversation over the ports and
//! serves what was stored.
//!
//! The two sides are ports that are polled, not awaited: [`client::ClientLink`] (the door) and
//! [`model::ModelLink`] (a provider). One task owns both links of a conversation; a frame costs no
//! boxed future, no channel and no wake-up of another task.
//!
//! What must outlive the conversation goes to [`VoiceStore`] and [`Recordings`] as it happens. What
//! is seen on the desk comes in through [`ContextFeed`].

mod billing;
pub mod client;
mod context;
mod desk;
mod error;
mod ids;
mod limits;
pub mod model;
mod recording;
mod relay;
mod rules;
mod store;
mod talk;
mod voice;

pub use context::{ContextEntry, ContextFeed, ContextHub, ContextPublisher, ContextSubscription};
pub use desk::{Desk, Seat, SeatError, StudyDesk, ToolOutcome};
pub use error::{CloseCode, VoiceError};
pub use ids::{CallId, ItemId, ResponseId};
pub use limits::{InProcessPlaces, Place, Places, Refused};
pub use recording::{Recorded, Recording, Recordings, Track};
pub use relay::{Effect, Event, Farewell, Relay, RelaySetup, ToolResult, Waiting};
pub use rules::{ContextMode, LimitRules, ReconnectRules, VoiceRules, Watermarks};
pub use spending::{Price, Prices, Tokens, Usage};
pub use store::{
    Append, EndReason, NewTurn, TalkState, Turn, VoiceClose, VoiceOpening, VoiceSession, VoiceStore,
};
pub use voice::{Recovered, TalkOutcome, Voice, VoicePorts, VoiceReadError};
