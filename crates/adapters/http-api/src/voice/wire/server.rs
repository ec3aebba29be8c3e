//! What a device is told.

use kernel::Timestamp;
use serde::Serialize;
use uuid::Uuid;
use voice::VoiceError;
use voice::client::{AudioFormat, ContextView, ServerMessage, Stage};

use crate::views::UsageView;

/// Messages as they are written.
#[derive(Serialize)]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
enum Message<'a> {
    Ready {
        voice_session_id: Uuid,
        input: FormatView,
        output: FormatView,
    },
    SpeechStarted,
    SpeechStopped,
    Transcript {
        role: &'static str,
        item_id: &'a str,
        text: &'a str,
        r#final: bool,
    },
    ResponseStarted {
        item_id: &'a str,
    },
    ResponseDone {
        status: &'static str,
        usage: Option<UsageView>,
    },
    Interrupted {
        item_id: &'a str,
        heard_ms: u32,
    },
    Context {
        entries: Vec<EntryView<'a>>,
    },
    Backpressure {
        dropped_frames: u64,
    },
    Reconnecting,
    Resumed,
    Tool {
        name: &'a str,
        status: &'static str,
    },
    Pong,
    Error {
        code: &'static str,
        message: String,
        fatal: bool,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FormatView {
    encoding: &'static str,
    sample_rate: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EntryView<'a> {
    topic: &'a str,
    subtopic: Option<&'a str>,
    at: Timestamp,
}

/// The message as JSON.
///
/// # Errors
/// Never: nothing in it can fail to be written. The caller need not rely on it.
pub(crate) fn written(message: &ServerMessage) -> serde_json::Result<String> {
    serde_json::to_string(&Message::from(message))
}

impl<'a> From<&'a ServerMessage> for Message<'a> {
    fn from(message: &'a ServerMessage) -> Self {
        match message {
            ServerMessage::Ready {
                voice_session,
                input,
                output,
            } => Self::Ready {
                voice_session_id: voice_session.uuid(),
                input: (*input).into(),
                output: (*output).into(),
            },
            ServerMessage::SpeechStarted => Self::SpeechStarted,
            ServerMessage::SpeechStopped => Self::SpeechStopped,
            ServerMessage::Transcript {
                role,
                item,
                text,
                stage,
            } => Self::Transcript {
                role: role.as_str(),
                item_id: item.as_str(),
                text,
                r#final: *stage == Stage::Final,
            },
            ServerMessage::ResponseStarted { item } => Self::ResponseStarted {
                item_id: item.as_str(),
            },
            ServerMessage::ResponseDone { status, usage } => Self::ResponseDone {
                status: status.as_str(),
                usage: usage.map(UsageView::from),
            },
            ServerMessage::Interrupted { item, heard_ms } => Self::Interrupted {
                item_id: item.as_str(),
                heard_ms: *heard_ms,
            },
            ServerMessage::Context { entries } => Self::Context {
                entries: entries.iter().map(EntryView::from).collect(),
            },
            ServerMessage::Backpressure { dropped_frames } => Self::Backpressure {
                dropped_frames: *dropped_frames,
            },
            ServerMessage::Reconnecting => Self::Reconnecting,
            ServerMessage::Resumed => Self::Resumed,
            ServerMessage::Tool { name, status } => Self::Tool {
                name,
                status: status.as_str(),
            },
            ServerMessage::Pong => Self::Pong,
            ServerMessage::Error(error) => error.into(),
        }
    }
}

impl From<&VoiceError> for Message<'_> {
    fn from(error: &VoiceError) -> Self {
        Self::Error {
            code: error.code(),
            message: error.to_string(),
            fatal: error.is_fatal(),
        }
    }
}

impl From<AudioFormat> for FormatView {
    fn from(format: AudioFormat) -> Self {
        let AudioFormat { encoding, rate } = format;
        Self {
            encoding: encoding.as_str(),
            sample_rate: rate.hz(),
        }
    }
}

impl<'a> From<&'a ContextView> for EntryView<'a> {
    fn from(view: &'a ContextView) -> Self {
        let ContextView {
            topic,
            subtopic,
            at,
        } = view;
        Self {
            topic,
            subtopic: subtopic.as_deref(),
            at: *at,
        }
    }
}

#[cfg(test)]
mod tests {
    use voice::Usage;
    use voice::client::{Speaker, ToolStatus};
    use voice::model::ResponseStatus;

    use super::*;

    fn lines(messages: &[ServerMessage]) -> String {
        let lines: Vec<_> = messages.iter().map(|m| written(m).unwrap()).collect();
        lines.join("\n")
    }

    #[test]
    fn every_message_looks_as_the_protocol_says() {
        let messages = [
            ServerMessage::Ready {
                voice_session: Uuid::from_u128(1).into(),
                input: AudioFormat::INPUT,
                output: AudioFormat::OUTPUT,
            },
            ServerMessage::SpeechStarted,
            ServerMessage::SpeechStopped,
            ServerMessage::Transcript {
                role: Speaker::Tutor,
                item: "a".into(),
                text: "Hi".to_owned(),
                stage: Stage::Final,
            },
            ServerMessage::ResponseStarted { item: "a".into() },
            ServerMessage::ResponseDone {
                status: ResponseStatus::Completed,
                usage: Some(Usage::default()),
            },
            ServerMessage::Interrupted {
                item: "a".into(),
                heard_ms: 7,
            },
            ServerMessage::Context {
                entries: vec![ContextView {
                    topic: "Bio".to_owned(),
                    subtopic: None,
                    at: Timestamp::UNIX_EPOCH,
                }],
            },
            ServerMessage::Backpressure { dropped_frames: 3 },
            ServerMessage::Reconnecting,
            ServerMessage::Resumed,
            ServerMessage::Tool {
                name: "bookmark".to_owned(),
                status: ToolStatus::Done,
            },
            ServerMessage::Pong,
            ServerMessage::Error(VoiceError::Idle { seconds: 300 }),
        ];
        insta::assert_snapshot!(lines(&messages), @r#"
        {"type":"ready","voiceSessionId":"00000000-0000-0000-0000-000000000001","input":{"encoding":"f32le","sampleRate":16000},"output":{"encoding":"s16le","sampleRate":24000}}
        {"type":"speech_started"}
        {"type":"speech_stopped"}
        {"type":"transcript","role":"assistant","itemId":"a","text":"Hi","final":true}
        {"type":"response_started","itemId":"a"}
        {"type":"response_done","status":"completed","usage":{"input":{"text":0,"audio":0,"image":0},"cached":{"text":0,"audio":0,"image":0},"output":{"text":0,"audio":0,"image":0}}}
        {"type":"interrupted","itemId":"a","heardMs":7}
        {"type":"context","entries":[{"topic":"Bio","subtopic":null,"at":"1970-01-01T00:00:00Z"}]}
        {"type":"backpressure","droppedFrames":3}
        {"type":"reconnecting"}
        {"type":"resumed"}
        {"type":"tool","name":"bookmark","status":"done"}
        {"type":"pong"}
        {"type":"error","code":"VOICE_IDLE","message":"nothing was said for 300 s","fatal":true}
        "#);
    }
}
