//! What answers are billed at.

/// One answer a provider bills: every one the model has written, whether it is of use, refused,
/// cut short or lost on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimBill {
    /// `openai`, `anthropic` or `gemini`.
    pub provider: &'static str,
    /// The model that wrote it.
    pub model: String,
    /// Tokens the model was given, images and cached ones included.
    pub input: u64,
    /// Of the input, images.
    pub input_image: u64,
    /// Of the input, what came from a cache.
    pub cached: u64,
    /// Tokens the model wrote, reasoning included.
    pub output: u64,
}
