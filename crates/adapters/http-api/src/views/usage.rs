//! Tokens.

use serde::Serialize;
use spending::{Tokens, Usage};
use utoipa::ToSchema;

/// Tokens used.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UsageView {
    input: TokensView,
    /// The part of `input` that was read from the provider's cache.
    cached: TokensView,
    output: TokensView,
}

/// Tokens by kind. What the provider does not tell from text counts as text.
#[derive(Debug, Serialize, ToSchema)]
struct TokensView {
    text: u64,
    audio: u64,
    image: u64,
}

impl From<Usage> for UsageView {
    fn from(usage: Usage) -> Self {
        let Usage {
            input,
            cached,
            output,
        } = usage;
        Self {
            input: input.into(),
            cached: cached.into(),
            output: output.into(),
        }
    }
}

impl From<Tokens> for TokensView {
    fn from(tokens: Tokens) -> Self {
        let Tokens { text, audio, image } = tokens;
        Self { text, audio, image }
    }
}
