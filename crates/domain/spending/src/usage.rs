//! Tokens, as providers count them.

use std::ops::AddAssign;

/// Tokens used. Cached tokens are part of the input ones, not beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Read by the model.
    pub input: Tokens,
    /// The part of `input` that was read from the provider's cache.
    pub cached: Tokens,
    /// Made by the model, reasoning included; images are never made.
    pub output: Tokens,
}

/// Tokens by kind. What a provider does not tell from text counts as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tokens {
    /// Of text.
    pub text: u64,
    /// Of sound.
    pub audio: u64,
    /// Of pictures.
    pub image: u64,
}

impl Tokens {
    /// Of every kind together.
    pub const fn total(&self) -> u64 {
        self.text
            .saturating_add(self.audio)
            .saturating_add(self.image)
    }

    /// These but for a part of them.
    #[must_use]
    pub const fn without(self, part: Self) -> Self {
        Self {
            text: self.text.saturating_sub(part.text),
            audio: self.audio.saturating_sub(part.audio),
            image: self.image.saturating_sub(part.image),
        }
    }
}

impl Usage {
    /// What came since `before`; both count from the same beginning.
    #[must_use]
    pub const fn since(self, before: Self) -> Self {
        Self {
            input: self.input.without(before.input),
            cached: self.cached.without(before.cached),
            output: self.output.without(before.output),
        }
    }
}

impl AddAssign for Tokens {
    fn add_assign(&mut self, other: Self) {
        let Self { text, audio, image } = other;
        self.text = self.text.saturating_add(text);
        self.audio = self.audio.saturating_add(audio);
        self.image = self.image.saturating_add(image);
    }
}

impl AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        let Self {
            input,
            cached,
            output,
        } = other;
        self.input += input;
        self.cached += cached;
        self.output += output;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_since_is_the_rest() {
        let usage = |text, audio| {
            let tokens = Tokens {
                text,
                audio,
                image: 0,
            };
            Usage {
                input: tokens,
                output: tokens,
                ..Usage::default()
            }
        };
        assert_eq!(usage(7, 5).since(usage(3, 5)), usage(4, 0));
        assert_eq!(usage(7, 5).input.total(), 12);
    }
}
