//! Everything that is sent, against the types of the official SDK.

use bytes::Bytes;
use realtime::RealtimeSettings;
use serde_json::{Value, json};
use testkit::python::validate_realtime_client_events;
use voice::model::{ModelCommand, NewItem, OnSpeech, SessionConfig, ToolSpec, TurnDetection};

use crate::given::{heard, session_with, while_polling};

const TOOL: ToolSpec = ToolSpec {
    name: "bookmark",
    description: "Keeps what is on the desk.",
    parameters: r#"{"type":"object","properties":{"note":{"type":"string"}},"required":["note"]}"#,
};

fn configure(turn_detection: TurnDetection, language: Option<&str>) -> ModelCommand {
    ModelCommand::Configure(Box::new(SessionConfig {
        instructions: "You are a tutor.\n\"Be kind.\"".to_owned(),
        voice: "marin".to_owned(),
        language: language.map(str::to_owned),
        turn_detection,
        tools: vec![TOOL],
    }))
}

fn add(id: Option<&str>, item: NewItem) -> ModelCommand {
    let id = id.map(Into::into);
    ModelCommand::Add { id, item }
}

fn every_command() -> Vec<ModelCommand> {
    let on_speech = OnSpeech::RelayCancels;
    vec![
        configure(TurnDetection::default(), Some("de")),
        configure(TurnDetection::Semantic { on_speech }, None),
        configure(TurnDetection::Manual, None),
        ModelCommand::Instruct("Look at the geometry.".to_owned()),
        ModelCommand::AppendAudio(Bytes::from_static(&[1; 960])),
        ModelCommand::CommitAudio,
        ModelCommand::ClearAudio,
        add(None, NewItem::UserText("What is this?".to_owned())),
        add(Some("told-1"), NewItem::TutorText("A triangle.".to_owned())),
        add(
            Some("view-1"),
            NewItem::System("On the desk: triangles.".to_owned()),
        ),
        add(
            None,
            NewItem::CallOutput {
                call: "call_1".into(),
                output: r#"{"ok":true}"#.to_owned(),
            },
        ),
        ModelCommand::Delete("view-1".into()),
        ModelCommand::Truncate {
            item: "item_1".into(),
            content_index: 0,
            ms: 1234,
        },
        ModelCommand::CreateResponse,
        ModelCommand::CancelResponse(None),
        ModelCommand::CancelResponse(Some("resp_1".into())),
    ]
}

/// What the peer gets for these commands.
async fn sent(commands: Vec<ModelCommand>, transcription: Option<&str>) -> Vec<Value> {
    let transcription = transcription.map(str::to_owned);
    sent_with(commands, |settings| {
        settings.transcription_model = transcription;
    })
    .await
}

/// The same of a model set up like this.
async fn sent_with(
    commands: Vec<ModelCommand>,
    change: impl FnOnce(&mut RealtimeSettings),
) -> Vec<Value> {
    let (mut link, mut peer) = session_with(change).await;
    let count = commands.len();
    for command in commands {
        link.send(command);
    }
    let all = async {
        let mut events = Vec::new();
        for _ in 0..count {
            events.push(heard(&mut peer).await);
        }
        events
    };
    while_polling(&mut *link, all).await
}

#[tokio::test]
async fn every_event_that_is_sent_is_one_of_the_official_sdk() {
    let mut events = sent(every_command(), Some("sim-transcribe")).await;
    events.extend(sent(every_command(), None).await);
    let lines: Vec<_> = events.iter().map(Value::to_string).collect();
    assert_eq!(validate_realtime_client_events(&lines.join("\n")), Ok(()));
}

#[tokio::test]
async fn every_event_but_audio_carries_the_kind_of_its_command() {
    let commands = every_command();
    let kinds: Vec<_> = commands
        .iter()
        .map(|command| command.kind().as_str())
        .collect();
    let events = sent(commands, None).await;
    for (event, kind) in events.iter().zip(kinds) {
        let expected = if kind == "append_audio" {
            Value::Null
        } else {
            json!(kind)
        };
        assert_eq!(event["event_id"], expected, "{event}");
    }
}

#[tokio::test]
async fn a_configuration_names_everything_that_has_a_default() {
    let events = sent(
        vec![configure(TurnDetection::default(), Some("de"))],
        Some("scribe"),
    )
    .await;
    let pcm = json!({"type": "audio/pcm", "rate": 24000});
    assert_eq!(
        events[0]["session"],
        json!({
            "type": "realtime",
            "output_modalities": ["audio"],
            "instructions": "You are a tutor.\n\"Be kind.\"",
            "audio": {
                "input": {
                    "format": pcm,
                    "transcription": {"model": "scribe", "language": "de"},
                    "noise_reduction": {"type": "far_field"},
                    "turn_detection": {
                        "type": "server_vad",
                        "threshold": 0.5,
                        "prefix_padding_ms": 300,
                        "silence_duration_ms": 500,
                        "create_response": true,
                        "interrupt_response": true,
                    },
                },
                "output": {"format": pcm, "voice": "marin"},
            },
            "tools": [{
                "type": "function",
                "name": "bookmark",
                "description": "Keeps what is on the desk.",
                "parameters": {
                    "type": "object",
                    "properties": {"note": {"type": "string"}},
                    "required": ["note"],
                },
            }],
            "tool_choice": "auto",
            "truncation": {
                "type": "retention_ratio",
                "retention_ratio": 0.8,
                "token_limits": {"post_instructions": 8000},
            },
        })
    );
}

#[tokio::test]
async fn what_an_operator_leaves_to_the_provider_is_not_named() {
    let plain = |settings: &mut RealtimeSettings| {
        settings.noise_reduction = None;
        settings.retention = None;
    };
    let events = sent_with(vec![configure(TurnDetection::default(), None)], plain).await;
    let session = &events[0]["session"];
    assert_eq!(session["audio"]["input"]["noise_reduction"], Value::Null);
    assert!(!session.as_object().unwrap().contains_key("truncation"));
}

#[tokio::test]
async fn turns_left_to_the_client_are_said_by_null_and_instructions_change_nothing_else() {
    let manual = configure(TurnDetection::Manual, None);
    let events = sent(
        vec![manual, ModelCommand::Instruct("New.".to_owned())],
        None,
    )
    .await;
    let turns = &events[0]["session"]["audio"]["input"];
    assert!(turns.as_object().unwrap().contains_key("turn_detection"));
    assert_eq!(turns["turn_detection"], Value::Null);
    assert_eq!(
        events[1]["session"],
        json!({"type": "realtime", "instructions": "New."})
    );
}
