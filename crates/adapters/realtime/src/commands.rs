//! From commands of the port to frames.

use voice::model::{ModelCommand, NewItem, OnSpeech, SessionConfig, ToolSpec, TurnDetection};
use voice::{CallId, ItemId, ResponseId};

use crate::settings::{NoiseReduction, Retention};
use crate::wire::{
    self, Audio, Body, ClientEvent, Input, Item, ItemContent, Role, Session, TokenLimits, Tool,
    Transcription, Truncation,
};

/// Writes the frames of one session.
#[derive(Debug, Clone)]
pub(crate) struct Writer {
    /// Who writes down what the student says; `None` leaves it unwritten.
    pub(crate) transcription_model: Option<String>,
    pub(crate) noise_reduction: Option<NoiseReduction>,
    pub(crate) retention: Option<Retention>,
}

impl Writer {
    /// The frame of one command.
    pub(crate) fn frame(&self, command: &ModelCommand) -> Result<String, serde_json::Error> {
        let body = match command {
            ModelCommand::AppendAudio(pcm) => return Ok(wire::append(pcm)),
            ModelCommand::Configure(config) => update(self.whole(config)?),
            ModelCommand::Instruct(instructions) => update(only(instructions)),
            ModelCommand::CommitAudio => Body::Commit,
            ModelCommand::ClearAudio => Body::Clear,
            ModelCommand::Add { id, item } => Body::ItemCreate {
                item: Item {
                    id: id.as_ref().map(ItemId::as_str),
                    content: content(item),
                },
            },
            ModelCommand::Delete(item) => Body::ItemDelete {
                item_id: item.as_str(),
            },
            ModelCommand::Truncate {
                item,
                content_index,
                ms,
            } => Body::ItemTruncate {
                item_id: item.as_str(),
                content_index: *content_index,
                audio_end_ms: *ms,
            },
            ModelCommand::CreateResponse => Body::ResponseCreate,
            ModelCommand::CancelResponse(response) => Body::ResponseCancel {
                response_id: response.as_ref().map(ResponseId::as_str),
            },
        };
        let event_id = command.kind().as_str();
        ClientEvent { event_id, body }.frame()
    }

    fn whole<'a>(&'a self, config: &'a SessionConfig) -> Result<Session<'a>, serde_json::Error> {
        let model = self.transcription_model.as_deref();
        let transcription = model.map(|model| Transcription {
            model,
            language: config.language.as_deref(),
        });
        let input = Input::pcm(
            transcription,
            self.noise_reduction.map(noise),
            turn_detection(config.turn_detection),
        );
        let tools: Result<_, _> = config.tools.iter().map(tool).collect();
        Ok(Session {
            output_modalities: Some(["audio"]),
            instructions: &config.instructions,
            audio: Some(Audio::pcm(input, &config.voice)),
            tools: Some(tools?),
            tool_choice: Some("auto"),
            truncation: self.retention.map(truncation),
        })
    }
}

fn update(session: Session<'_>) -> Body<'_> {
    Body::SessionUpdate {
        session: Box::new(session),
    }
}

fn only(instructions: &str) -> Session<'_> {
    Session {
        output_modalities: None,
        instructions,
        audio: None,
        tools: None,
        tool_choice: None,
        truncation: None,
    }
}

const fn noise(reduction: NoiseReduction) -> wire::NoiseReduction {
    match reduction {
        NoiseReduction::NearField => wire::NoiseReduction::NearField,
        NoiseReduction::FarField => wire::NoiseReduction::FarField,
    }
}

const fn truncation(retention: Retention) -> Truncation {
    Truncation::RetentionRatio {
        retention_ratio: retention.ratio,
        token_limits: TokenLimits {
            post_instructions: retention.tokens,
        },
    }
}

fn turn_detection(turns: TurnDetection) -> Option<wire::TurnDetection> {
    let model_cancels = |on_speech| on_speech == OnSpeech::ModelCancels;
    match turns {
        TurnDetection::Server {
            threshold,
            prefix_padding_ms,
            silence_ms,
            on_speech,
        } => Some(wire::TurnDetection::ServerVad {
            threshold,
            prefix_padding_ms,
            silence_duration_ms: silence_ms,
            create_response: true,
            interrupt_response: model_cancels(on_speech),
        }),
        TurnDetection::Semantic { on_speech } => Some(wire::TurnDetection::SemanticVad {
            create_response: true,
            interrupt_response: model_cancels(on_speech),
        }),
        TurnDetection::Manual => None,
    }
}

fn tool(spec: &ToolSpec) -> Result<Tool<'static>, serde_json::Error> {
    let ToolSpec {
        name,
        description,
        parameters,
    } = *spec;
    Ok(Tool {
        name,
        description,
        parameters: serde_json::from_str(parameters)?,
    })
}

fn content(item: &NewItem) -> ItemContent<'_> {
    match item {
        NewItem::UserText(text) => ItemContent::message(Role::User, text),
        NewItem::TutorText(text) => ItemContent::message(Role::Assistant, text),
        NewItem::System(text) => ItemContent::message(Role::System, text),
        NewItem::CallOutput { call, output } => ItemContent::FunctionCallOutput {
            call_id: CallId::as_str(call),
            output,
        },
    }
}
