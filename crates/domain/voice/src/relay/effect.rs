//! What goes into a relay and what comes out of it.

use bytes::Bytes;
use kernel::LearningEventId;

use crate::client::{ClientEvent, ClientGone, ServerMessage};
use crate::model::{CallRequest, ConnectError, ModelCommand, ModelEvent, ModelLost};
use crate::{CallId, CloseCode, ContextEntry, EndReason, Track, Turn, Usage};

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The device sent something.
    Client(ClientEvent),
    /// The device is gone.
    ClientGone(ClientGone),
    /// The socket to the model is open; nothing was accepted yet.
    ModelOpened,
    /// The attempt failed.
    ModelRefused(ConnectError),
    /// The model told something.
    Model(ModelEvent),
    /// The model's session is lost.
    ModelLost(ModelLost),
    /// Something was seen on the desk.
    Seen(ContextEntry),
    /// A picture the device pointed at; `None` if the user has no such one.
    Picture(Option<ContextEntry>),
    /// A tool has run.
    ToolDone(ToolResult),
    /// Time has passed.
    Tick,
    /// The server is being shut down.
    ShutDown,
    /// The server cannot go on with this conversation.
    Broken,
}

/// What a tool did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolResult {
    /// The call.
    pub call: CallId,
    /// The tool.
    pub name: String,
    /// For the model, JSON.
    pub output: String,
    /// How it went, and whether the conversation ends with it.
    pub outcome: crate::ToolOutcome,
}

/// Bytes queued towards each side when an event comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Waiting {
    /// Towards the model, everything.
    pub model: usize,
    /// Towards the device, audio alone.
    pub client_audio: usize,
}

/// Something to do, in this order.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Open a session with the model.
    Connect,
    /// Close the session with the model, or give up opening it.
    Disconnect,
    /// Tell the model.
    ToModel(ModelCommand),
    /// Ask the model for a sign of life.
    PingModel,
    /// Tell the device.
    ToClient(ServerMessage),
    /// Send the device sound, in its format.
    AudioToClient(Bytes),
    /// Forget sound queued for the device.
    ForgetClientAudio,
    /// Ask the device for a sign of life.
    PingClient,
    /// Record sound.
    Record(Track, Bytes),
    /// Store a turn, which is final.
    Store(Turn),
    /// Store what was used so far.
    Meter(Usage),
    /// Run a tool; answered by [`Event::ToolDone`].
    RunTool(CallRequest),
    /// Find a picture; answered by [`Event::Picture`].
    FindPicture(LearningEventId),
    /// The conversation is over; nothing follows.
    End(Farewell),
}

/// How a conversation ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Farewell {
    /// What the device's socket closes with; `None` when it is gone.
    pub close: Option<CloseCode>,
    /// Words for the close frame.
    pub words: String,
    /// What is stored.
    pub reason: EndReason,
}
