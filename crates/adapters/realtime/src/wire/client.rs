//! What is sent, apart from audio.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::wire::session::Session;

/// One client event and the id that errors about it repeat.
#[derive(Debug, Serialize)]
pub(crate) struct ClientEvent<'a> {
    pub(crate) event_id: &'static str,
    #[serde(flatten)]
    pub(crate) body: Body<'a>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "type")]
pub(crate) enum Body<'a> {
    /// Fields of the session that change; absent ones stay.
    #[serde(rename = "session.update")]
    SessionUpdate { session: Box<Session<'a>> },
    /// The audio so far is a turn.
    #[serde(rename = "input_audio_buffer.commit")]
    Commit,
    /// The audio so far is forgotten.
    #[serde(rename = "input_audio_buffer.clear")]
    Clear,
    /// At the end of the conversation.
    #[serde(rename = "conversation.item.create")]
    ItemCreate { item: Item<'a> },
    #[serde(rename = "conversation.item.delete")]
    ItemDelete { item_id: &'a str },
    /// Forgets what was not heard of an answer.
    #[serde(rename = "conversation.item.truncate")]
    ItemTruncate {
        item_id: &'a str,
        content_index: u32,
        audio_end_ms: u32,
    },
    #[serde(rename = "response.create")]
    ResponseCreate,
    /// The response in progress unless one is named.
    #[serde(rename = "response.cancel")]
    ResponseCancel {
        #[serde(skip_serializing_if = "Option::is_none")]
        response_id: Option<&'a str>,
    },
}

/// An item of the conversation. Without an id the server chooses one.
#[derive(Debug, Serialize)]
pub(crate) struct Item<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<&'a str>,
    #[serde(flatten)]
    pub(crate) content: ItemContent<'a>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum ItemContent<'a> {
    Message { role: Role, content: [Part<'a>; 1] },
    FunctionCallOutput { call_id: &'a str, output: &'a str },
}

#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    User,
    Assistant,
    System,
}

/// Content of a message. Of the assistant the server takes `output_text` and nothing else.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Part<'a> {
    InputText { text: &'a str },
    OutputText { text: &'a str },
}

/// A function the model may call.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "function")]
pub(crate) struct Tool<'a> {
    pub(crate) name: &'a str,
    pub(crate) description: &'a str,
    /// A JSON schema.
    pub(crate) parameters: &'a RawValue,
}

impl<'a> ItemContent<'a> {
    /// A message of one text, in the words its role demands.
    pub(crate) fn message(role: Role, text: &'a str) -> Self {
        let part = match role {
            Role::User | Role::System => Part::InputText { text },
            Role::Assistant => Part::OutputText { text },
        };
        Self::Message {
            role,
            content: [part],
        }
    }
}

impl ClientEvent<'_> {
    /// The text of one frame.
    pub(crate) fn frame(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }
}
