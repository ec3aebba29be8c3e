//! The device's side: what it says, what it is told, and the port.

mod format;
mod link;
mod message;
mod server;

pub use format::{AudioFormat, BadFormat, Encoding, SampleRate};
pub use link::{ClientGone, ClientLink};
pub use message::{BadMessage, ClientEvent, ClientMessage, Language, Start, VoiceName};
pub use server::{ContextView, ServerMessage, Speaker, Stage, ToolStatus};
