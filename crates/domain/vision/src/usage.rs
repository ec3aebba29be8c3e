//! What a look costs.

use std::sync::{Arc, Mutex, PoisonError};

/// Tokens of one answer, as its provider counts them. The total billed is `input + output`; the
/// other figures are parts of these two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TokenUsage {
    /// Everything the model was given, images and cached parts included.
    pub input: u64,
    /// Of the input, images; 0 also where the provider does not tell images from text.
    pub input_image: u64,
    /// Of the input, what was read from a cache and is cheaper.
    pub cached: u64,
    /// Of the input, what was written to a cache and may be dearer.
    pub cache_written: u64,
    /// Everything the model wrote, reasoning included.
    pub output: u64,
    /// Of the output, reasoning.
    pub reasoning: u64,
}

impl std::ops::Add for TokenUsage {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            input: self.input + other.input,
            input_image: self.input_image + other.input_image,
            cached: self.cached + other.cached,
            cache_written: self.cache_written + other.cache_written,
            output: self.output + other.output,
            reasoning: self.reasoning + other.reasoning,
        }
    }
}

/// One answer that a provider bills, whether it could be used or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BilledAnswer {
    /// The provider's name, as in [`crate::VisionModel::name`].
    pub provider: &'static str,
    /// The model, as the provider names it.
    pub model: String,
    /// What it took.
    pub usage: TokenUsage,
}

/// What the answers of one look cost so far. Clones share one list, so it is whole also when the
/// look fails or is given up: a billed answer that was no use is on it.
#[derive(Debug, Clone, Default)]
pub struct Bill(Arc<Mutex<Vec<BilledAnswer>>>);

impl Bill {
    /// Notes an answer.
    pub fn add(&self, answer: BilledAnswer) {
        self.list().push(answer);
    }

    /// All answers, first to last.
    pub fn answers(&self) -> Vec<BilledAnswer> {
        self.list().clone()
    }

    fn list(&self) -> std::sync::MutexGuard<'_, Vec<BilledAnswer>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_of_a_bill_are_one_bill() {
        let bill = Bill::default();
        let usage = TokenUsage {
            input: 7,
            ..TokenUsage::default()
        };
        let answer = BilledAnswer {
            provider: "p",
            model: "m".to_owned(),
            usage,
        };
        bill.clone().add(answer.clone());
        assert_eq!(bill.answers(), [answer]);
        assert_eq!((usage + usage).input, 14);
    }
}
