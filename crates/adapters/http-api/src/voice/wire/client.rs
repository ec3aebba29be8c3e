//! What a device says.

use std::borrow::Cow;

use kernel::SessionId;
use serde::Deserialize;
use voice::client::{
    AudioFormat, BadMessage, ClientEvent, ClientMessage, Language, Start, VoiceName,
};

use crate::extract::parse_id;

/// What a text frame holds.
#[derive(Debug, PartialEq)]
pub(crate) enum Heard {
    /// A token, for the door alone.
    Auth(String),
    /// For the conversation.
    Event(ClientEvent),
}

/// Messages as they are written; members the protocol does not have are refused.
#[derive(Deserialize)]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
enum Message {
    Auth {
        token: String,
    },
    Start {
        session_id: Option<String>,
        input: Option<Format>,
        output: Option<Format>,
        voice: Option<String>,
        language: Option<String>,
    },
    Text {
        text: String,
    },
    Interrupt {},
    Played {
        item_id: String,
        ms: u32,
    },
    Image {
        analysis_id: String,
    },
    Ping {},
    End {},
}

const TYPES: [&str; 8] = [
    "auth",
    "start",
    "text",
    "interrupt",
    "played",
    "image",
    "ping",
    "end",
];

/// What is said of a message that cannot be read, in characters.
const MOST_WORDS: usize = 300;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Format {
    encoding: String,
    sample_rate: u32,
}

#[derive(Deserialize)]
struct Tagged<'a> {
    #[serde(rename = "type", borrow)]
    name: Cow<'a, str>,
}

/// Reads a text frame. What cannot be read is an event too.
pub(crate) fn read(text: &str) -> Heard {
    let name = match serde_json::from_str::<Tagged<'_>>(text) {
        Ok(Tagged { name }) => name,
        Err(error) => {
            return unreadable(&format!("a message is a JSON object with a type: {error}"));
        }
    };
    if !TYPES.contains(&name.as_ref()) {
        let name = name.chars().take(64).collect();
        return Heard::Event(ClientEvent::Unknown { name });
    }
    match serde_json::from_str(text) {
        Ok(Message::Auth { token }) => Heard::Auth(token),
        Ok(message) => match message.try_into() {
            Ok(message) => Heard::Event(ClientEvent::Message(message)),
            Err(bad) => Heard::Event(ClientEvent::Unreadable(bad)),
        },
        Err(error) => unreadable(&format!("{name}: {error}")),
    }
}

/// An error quotes members that it does not know, however long they are.
fn unreadable(why: &str) -> Heard {
    let why = why.chars().take(MOST_WORDS).collect();
    Heard::Event(ClientEvent::Unreadable(BadMessage(why)))
}

impl TryFrom<Message> for ClientMessage {
    type Error = BadMessage;

    fn try_from(message: Message) -> Result<Self, BadMessage> {
        Ok(match message {
            Message::Auth { .. } => return Err(BadMessage("auth comes first".to_owned())),
            Message::Start {
                session_id,
                input,
                output,
                voice,
                language,
            } => Self::Start(Start {
                session: session_id.as_deref().map(session).transpose()?,
                input: input.map(AudioFormat::try_from).transpose()?,
                output: output.map(AudioFormat::try_from).transpose()?,
                voice: voice.as_deref().map(VoiceName::parse).transpose()?,
                language: language.as_deref().map(Language::parse).transpose()?,
            }),
            Message::Text { text } => Self::Text(text),
            Message::Interrupt {} => Self::Interrupt,
            Message::Played { item_id, ms } => Self::Played {
                item: item_id.into(),
                ms,
            },
            Message::Image { analysis_id } => Self::Image(
                parse_id(&analysis_id)
                    .ok_or_else(|| BadMessage("analysisId is no id".to_owned()))?,
            ),
            Message::Ping {} => Self::Ping,
            Message::End {} => Self::End,
        })
    }
}

fn session(text: &str) -> Result<SessionId, BadMessage> {
    parse_id(text).ok_or_else(|| BadMessage("sessionId is no id".to_owned()))
}

impl TryFrom<Format> for AudioFormat {
    type Error = BadMessage;

    fn try_from(format: Format) -> Result<Self, BadMessage> {
        Self::try_new(&format.encoding, format.sample_rate)
            .map_err(|error| BadMessage(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: ClientMessage) {
        assert_eq!(read(text), Heard::Event(ClientEvent::Message(expected)));
    }

    #[track_caller]
    fn refused(text: &str, named: &str) {
        let Heard::Event(ClientEvent::Unreadable(BadMessage(why))) = read(text) else {
            panic!("{text}");
        };
        assert!(why.contains(named), "{why}");
    }

    #[test]
    fn every_message_of_the_protocol_is_understood() {
        check(
            r#"{"type":"text","text":"Hi"}"#,
            ClientMessage::Text("Hi".to_owned()),
        );
        check(r#"{"type":"interrupt"}"#, ClientMessage::Interrupt);
        check(
            r#"{"ms":7,"type":"played","itemId":"a"}"#,
            ClientMessage::Played {
                item: "a".into(),
                ms: 7,
            },
        );
        let id = "0197a1b2-0000-7000-8000-000000000001";
        check(
            &format!(r#"{{"type":"image","analysisId":"{id}"}}"#),
            ClientMessage::Image(parse_id(id).unwrap()),
        );
        check(r#"{"type":"ping"}"#, ClientMessage::Ping);
        check(r#"{"type":"end"}"#, ClientMessage::End);
        check(
            r#"{"type":"start"}"#,
            ClientMessage::Start(Start::default()),
        );
        let start = format!(
            r#"{{"type":"start","sessionId":"{id}","input":{{"encoding":"s16le","sampleRate":48000}},"language":"pt-BR"}}"#
        );
        let expected = Start {
            session: parse_id(id),
            input: Some(AudioFormat::try_new("s16le", 48_000).unwrap()),
            language: Some(Language::parse("pt-BR").unwrap()),
            ..Start::default()
        };
        check(&start, ClientMessage::Start(expected));
        assert_eq!(
            read(r#"{"type":"auth","token":"x"}"#),
            Heard::Auth("x".to_owned())
        );
    }

    #[test]
    fn what_is_no_message_is_named() {
        refused("hello", "JSON");
        refused("[]", "JSON");
        refused(r#"{"text":"Hi"}"#, "type");
        refused(r#"{"type":"text"}"#, "text");
        refused(r#"{"type":"ping","at":1}"#, "at");
        refused(r#"{"type":"played","itemId":"a","ms":-1}"#, "-1");
        refused(r#"{"type":"image","analysisId":"1"}"#, "analysisId");
        refused(r#"{"type":"start","sessionId":""}"#, "sessionId");
        refused(
            r#"{"type":"start","input":{"encoding":"mp3","sampleRate":16000}}"#,
            "f32le",
        );
        let unknown = read(r#"{"type":"dance"}"#);
        let name = "dance".to_owned();
        assert_eq!(unknown, Heard::Event(ClientEvent::Unknown { name }));
    }
}
