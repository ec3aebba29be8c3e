//! The `session` object of `session.update`.

use serde::Serialize;

use crate::wire::client::Tool;

/// What the model hears and speaks: PCM16, little-endian, mono.
const PCM: Format = Format {
    kind: "audio/pcm",
    rate: 24_000,
};

/// Absent fields stay as they are; the type must be named every time.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename = "realtime")]
pub(crate) struct Session<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) output_modalities: Option<[&'a str; 1]>,
    pub(crate) instructions: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) audio: Option<Audio<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tools: Option<Vec<Tool<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tool_choice: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) truncation: Option<Truncation>,
}

/// What is left of a conversation that has grown too long.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Truncation {
    RetentionRatio {
        retention_ratio: f32,
        token_limits: TokenLimits,
    },
}

#[derive(Debug, Serialize)]
pub(crate) struct TokenLimits {
    pub(crate) post_instructions: u32,
}

#[derive(Debug, Serialize)]
pub(crate) struct Audio<'a> {
    pub(crate) input: Input<'a>,
    pub(crate) output: Output<'a>,
}

#[derive(Debug, Serialize)]
struct Format {
    #[serde(rename = "type")]
    kind: &'static str,
    rate: u32,
}

#[derive(Debug, Serialize)]
pub(crate) struct Input<'a> {
    format: Format,
    #[serde(skip_serializing_if = "Option::is_none")]
    transcription: Option<Transcription<'a>>,
    /// `null` leaves the sound as it is.
    noise_reduction: Option<NoiseReduction>,
    /// `null` leaves turns to the client.
    turn_detection: Option<TurnDetection>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum NoiseReduction {
    NearField,
    FarField,
}

#[derive(Debug, Serialize)]
pub(crate) struct Output<'a> {
    format: Format,
    #[serde(skip_serializing_if = "Option::is_none")]
    voice: Option<&'a str>,
}

/// A model of its own that writes down what the student says.
#[derive(Debug, Serialize)]
pub(crate) struct Transcription<'a> {
    pub(crate) model: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) language: Option<&'a str>,
}

/// Every number is named: defaults differ from model to model.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum TurnDetection {
    ServerVad {
        threshold: f32,
        prefix_padding_ms: u32,
        silence_duration_ms: u32,
        create_response: bool,
        interrupt_response: bool,
    },
    SemanticVad {
        create_response: bool,
        interrupt_response: bool,
    },
}

impl<'a> Audio<'a> {
    /// An empty voice leaves it to the model.
    pub(crate) fn pcm(input: Input<'a>, voice: &'a str) -> Self {
        Self {
            input,
            output: Output {
                format: PCM,
                voice: (!voice.is_empty()).then_some(voice),
            },
        }
    }
}

impl<'a> Input<'a> {
    pub(crate) const fn pcm(
        transcription: Option<Transcription<'a>>,
        noise_reduction: Option<NoiseReduction>,
        turn_detection: Option<TurnDetection>,
    ) -> Self {
        Self {
            format: PCM,
            transcription,
            noise_reduction,
            turn_detection,
        }
    }
}
