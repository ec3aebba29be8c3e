//! How a session with the model is set up.

/// Everything a session is configured with. Audio formats are not among it: PCM16 at 24 kHz.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionConfig {
    /// Who the tutor is and what it sees.
    pub instructions: String,
    /// The voice's name; cannot change once the model has spoken.
    pub voice: String,
    /// The language the student speaks, ISO 639-1; helps transcription.
    pub language: Option<String>,
    /// Who decides when the student has finished.
    pub turn_detection: TurnDetection,
    /// What the model may call.
    pub tools: Vec<ToolSpec>,
}

/// Who decides when a turn begins and ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum TurnDetection {
    /// The model listens for sound and silence.
    Server {
        /// How loud counts as speech, 0 to 1.
        threshold: f32,
        /// Sound kept from before speech was noticed, ms.
        prefix_padding_ms: u32,
        /// Silence that ends a turn, ms.
        silence_ms: u32,
        /// Who stops an answer the student talks over.
        on_speech: OnSpeech,
    },
    /// The model judges by what is said.
    Semantic {
        /// Who stops an answer the student talks over.
        on_speech: OnSpeech,
    },
    /// Turns are committed explicitly.
    Manual,
}

/// Who stops an answer the student talks over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnSpeech {
    /// The model, by itself (`interrupt_response: true`).
    ModelCancels,
    /// The relay, with a cancel.
    RelayCancels,
}

impl TurnDetection {
    /// Whether an answer is stopped by the model itself when the student speaks.
    pub const fn model_cancels(&self) -> bool {
        matches!(
            self,
            Self::Server {
                on_speech: OnSpeech::ModelCancels,
                ..
            } | Self::Semantic {
                on_speech: OnSpeech::ModelCancels
            }
        )
    }
}

impl Default for TurnDetection {
    /// By sound: threshold 0.5, 300 ms before, 500 ms of silence, the model cancels.
    fn default() -> Self {
        Self::Server {
            threshold: 0.5,
            prefix_padding_ms: 300,
            silence_ms: 500,
            on_speech: OnSpeech::ModelCancels,
        }
    }
}

/// A tool as the model is told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToolSpec {
    /// What the model calls it.
    pub name: &'static str,
    /// When to use it.
    pub description: &'static str,
    /// JSON Schema of the arguments, as text.
    pub parameters: &'static str,
}
