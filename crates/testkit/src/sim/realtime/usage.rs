//! Tokens of an answer.

use std::ops::AddAssign;

use serde_json::{Value, json};

use super::items::Item;

/// Tokens by modality. What is cached is part of the input.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RealtimeUsage {
    /// Text in the input.
    pub text_in: u64,
    /// Sound in the input: the student's at 10 a second, the model's at 20.
    pub audio_in: u64,
    /// Pictures in the input.
    pub image_in: u64,
    /// Of `text_in`, cached.
    pub text_cached: u64,
    /// Of `audio_in`, cached.
    pub audio_cached: u64,
    /// Of `image_in`, cached.
    pub image_cached: u64,
    /// Text in the output.
    pub text_out: u64,
    /// Sound in the output.
    pub audio_out: u64,
}

impl AddAssign for RealtimeUsage {
    fn add_assign(&mut self, other: Self) {
        let Self {
            text_in,
            audio_in,
            image_in,
            text_cached,
            audio_cached,
            image_cached,
            text_out,
            audio_out,
        } = other;
        self.text_in += text_in;
        self.audio_in += audio_in;
        self.image_in += image_in;
        self.text_cached += text_cached;
        self.audio_cached += audio_cached;
        self.image_cached += image_cached;
        self.text_out += text_out;
        self.audio_out += audio_out;
    }
}

impl RealtimeUsage {
    /// All of the input.
    pub fn input(&self) -> u64 {
        self.text_in + self.audio_in + self.image_in
    }

    /// All of the output.
    pub fn output(&self) -> u64 {
        self.text_out + self.audio_out
    }

    /// As `response.done` has it.
    pub(super) fn json(&self) -> Value {
        json!({
            "total_tokens": self.input() + self.output(),
            "input_tokens": self.input(),
            "output_tokens": self.output(),
            "input_token_details": {
                "text_tokens": self.text_in,
                "audio_tokens": self.audio_in,
                "image_tokens": self.image_in,
                "cached_tokens": self.text_cached + self.audio_cached + self.image_cached,
                "cached_tokens_details": {
                    "text_tokens": self.text_cached,
                    "audio_tokens": self.audio_cached,
                    "image_tokens": self.image_cached,
                },
            },
            "output_token_details": {
                "text_tokens": self.text_out,
                "audio_tokens": self.audio_out,
            },
        })
    }
}

/// One piece of the input; equal pieces at the same place are cached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    key: String,
    text: u64,
    audio: u64,
    image: u64,
}

/// The input of an answer: instructions and tools, then the items.
pub(super) fn pieces(instructions: &str, tools: &Value, items: &[Item]) -> Vec<Piece> {
    let tools = tools.to_string();
    let first = Piece {
        text: tokens_of(instructions) + tokens_of(&tools),
        key: format!("{instructions}{tools}"),
        audio: 0,
        image: 0,
    };
    std::iter::once(first)
        .chain(items.iter().map(piece))
        .collect()
}

fn piece(item: &Item) -> Piece {
    let per_token_ms = if item.role() == "assistant" { 50 } else { 100 };
    let written = if item.audio_ms > 0 { "" } else { &item.words };
    Piece {
        key: format!("{} {}", item.id, item.audio_ms),
        text: 3 + tokens_of(written),
        audio: item.audio_ms.div_ceil(per_token_ms),
        image: 258 * item.pictures(),
    }
}

/// What the input costs after what was sent before.
pub(super) fn input(now: &[Piece], before: &[Piece]) -> RealtimeUsage {
    let common = now.iter().zip(before).take_while(|(a, b)| a == b).count();
    let mut usage = RealtimeUsage::default();
    for (index, piece) in now.iter().enumerate() {
        usage.text_in += piece.text;
        usage.audio_in += piece.audio;
        usage.image_in += piece.image;
        if index < common {
            usage.text_cached += piece.text;
            usage.audio_cached += piece.audio;
            usage.image_cached += piece.image;
        }
    }
    usage
}

/// About four characters each.
pub(super) fn tokens_of(text: &str) -> u64 {
    u64::try_from(text.chars().count().div_ceil(4)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spoken(id: &str, audio_ms: u64) -> Item {
        Item {
            id: id.to_owned(),
            value: json!({"role": "user", "type": "message"}),
            audio_ms,
            words: String::new(),
        }
    }

    #[test]
    fn the_common_beginning_is_cached() {
        let tools = json!([]);
        let before = pieces("Be kind.", &tools, &[spoken("a", 1000)]);
        let now = pieces("Be kind.", &tools, &[spoken("a", 1000), spoken("b", 500)]);
        let usage = input(&now, &before);
        assert_eq!((usage.audio_in, usage.audio_cached), (15, 10));
        let other = pieces("Be stern.", &tools, &[spoken("a", 1000), spoken("b", 500)]);
        assert_eq!(input(&other, &before).audio_cached, 0);
    }
}
