//! The realtime half of the simulator: `GET /v1/realtime?model=…`, a WebSocket in the shape that
//! needs no beta header.
//!
//! Connections are upgraded first and refused afterwards, as the provider does it. A session hears
//! 24 kHz PCM16, finds turns by loudness, answers in words and sound, keeps the conversation,
//! counts tokens, and takes and refuses the same events with the same errors. Sound carries marks
//! ([`voice`]) by which a test knows which milliseconds of which answer it hears. Everything that
//! comes and goes is remembered ([`RealtimeConnection`]).
//!
//! ```no_run
//! # async fn example() {
//! use testkit::sim::Simulator;
//! use testkit::sim::realtime::{Answer, Deed, Life, Plan, RealtimeScript, When};
//!
//! let simulator = Simulator::start().await;
//! simulator.realtime().script(
//!     RealtimeScript::new()
//!         .queue([Answer::say_for("Plants make sugar from light.", 3000).hold_at(1000)])
//!         .plan(1, Plan::new().life(Life::AudioMs(60_000)))
//!         .plan(2, Plan::new().at(When::SpokenMs(500), Deed::Lose)),
//! );
//! // … a client connects and talks …
//! let connection = simulator.realtime().connection(1).await;
//! connection.wait_for_sent("response.done", 1).await;
//! let heard = connection.record().sound;
//! connection.perform(Deed::Expire);
//! # }
//! ```
//!
//! # Script files
//! The same as JSON for the program's `--realtime-script`: an object of three lists, each of which
//! may be absent. Of rules for the same case the first one decides.
//!
//! ```json
//! {
//!   "answers": [
//!     {"queue": [{"parts": [{"say": {"text": "Hello.", "ms": 800}}]},
//!                {"parts": [{"call": {"name": "bookmark", "arguments": {"note": "p. 3"}}}]},
//!                {"end": {"failed": "server_error"}}]},
//!     {"each_connection": [{"latency_ms": 300, "hold_at_ms": 1000, "speed": 4}]},
//!     {"connection": {"number": 2, "queue": [{"end": {"incomplete": "max_output_tokens"}}]}},
//!     {"always": {"deeds": [[500, "lose"]]}}
//!   ],
//!   "connections": [
//!     {"connection": {"number": 3, "plan": {"refusal": "invalid_key"}}},
//!     {"every": {"life": {"audio_ms": 60000}, "deeds": [[{"events": 100}, "stop_reading"]]}}
//!   ],
//!   "transcripts": [{"text": "What is light?"}, {"comes": "after_next_turn"}, {"fails": true}]
//! }
//! ```
//!
//! `{"random": {"seed": 1, "within_audio_ms": 30000}}` among the connections gives each an end of
//! its own, the same for the same seed.

mod client;
mod clips;
mod door;
mod hub;
mod ids;
mod items;
mod options;
mod record;
mod script;
mod session;
mod shape;
mod socket;
mod talk;
mod usage;
mod vad;
pub mod voice;

pub use hub::Realtime;
pub use options::{Keep, RealtimeOptions};
pub use record::{RealtimeAnswer, RealtimeConnection, RealtimeEnd, RealtimeEvent, RealtimeRecord};
pub use script::{
    Answer, AnswerRule, Comes, Deed, End, Life, Part, Plan, RealtimeScript, Refusal, Transcript,
    TurnAsked, When,
};
pub use usage::RealtimeUsage;

pub(super) use door::routes;
pub(super) use hub::Hub;
