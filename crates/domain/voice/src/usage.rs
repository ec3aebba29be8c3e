//! What talking costs.

use std::ops::AddAssign;

/// Tokens used. Cached tokens are part of the input ones, not beside them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Read by the model.
    pub input: Tokens,
    /// The part of `input` that was read from the provider's cache.
    pub cached: Tokens,
    /// Made by the model; images are never made.
    pub output: Tokens,
}

/// Tokens by kind.
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

    const fn without(self, part: Self) -> Self {
        Self {
            text: self.text.saturating_sub(part.text),
            audio: self.audio.saturating_sub(part.audio),
            image: self.image.saturating_sub(part.image),
        }
    }

    const fn at(self, price: Price) -> u64 {
        self.text
            .saturating_mul(price.text)
            .saturating_add(self.audio.saturating_mul(price.audio))
            .saturating_add(self.image.saturating_mul(price.image))
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

/// Price of a million tokens by kind, in thousandths of a US dollar (4 dollars is 4000).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Price {
    /// Of text.
    pub text: u64,
    /// Of sound.
    pub audio: u64,
    /// Of pictures.
    pub image: u64,
}

/// A model's prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Prices {
    /// Input that was not in the cache.
    pub input: Price,
    /// Input from the cache.
    pub cached: Price,
    /// Output.
    pub output: Price,
}

impl Prices {
    /// What `usage` costs, in millionths of a US dollar, rounded up.
    pub const fn cost_micros(&self, usage: &Usage) -> u64 {
        let fresh = usage.input.without(usage.cached).at(self.input);
        let sum = fresh
            .saturating_add(usage.cached.at(self.cached))
            .saturating_add(usage.output.at(self.output));
        sum.div_ceil(1_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cached_token_is_paid_once_and_at_its_own_price() {
        let tokens = |text, audio| Tokens {
            text,
            audio,
            image: 0,
        };
        let price = |text, audio| Price {
            text,
            audio,
            image: 0,
        };
        let prices = Prices {
            input: price(4_000, 32_000),
            cached: price(400, 400),
            output: price(24_000, 64_000),
        };
        let usage = Usage {
            input: tokens(0, 8_000),
            cached: tokens(0, 8_000),
            output: tokens(0, 0),
        };
        assert_eq!(prices.cost_micros(&usage), 3_200);
        let fresh = Usage {
            cached: tokens(0, 0),
            ..usage
        };
        assert_eq!(prices.cost_micros(&fresh), 256_000);
    }
}
