//! What tokens cost.

use std::collections::BTreeMap;

use crate::usage::{Tokens, Usage};

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

impl Price {
    /// The same for every kind.
    pub const fn alike(price: u64) -> Self {
        Self {
            text: price,
            audio: price,
            image: price,
        }
    }

    const fn of(self, tokens: Tokens) -> u64 {
        tokens
            .text
            .saturating_mul(self.text)
            .saturating_add(tokens.audio.saturating_mul(self.audio))
            .saturating_add(tokens.image.saturating_mul(self.image))
    }
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
        let fresh = self.input.of(usage.input.without(usage.cached));
        let sum = fresh
            .saturating_add(self.cached.of(usage.cached))
            .saturating_add(self.output.of(usage.output));
        sum.div_ceil(1_000)
    }
}

/// Prices of models, by provider and name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PriceTable(BTreeMap<(String, String), Prices>);

impl PriceTable {
    /// Sets a model's prices, in place of those it had.
    pub fn set(&mut self, provider: &str, model: &str, prices: Prices) {
        let model = (provider.to_owned(), model.to_owned());
        self.0.insert(model, prices);
    }

    /// The prices of a model. Providers answer with the name of a version (`m-1-2026-03-01`,
    /// `m-1@3`) of the model that was asked for: without a price of its own it has that of the
    /// longest known name that it begins with.
    pub fn of(&self, provider: &str, model: &str) -> Option<Prices> {
        let of_provider = self.0.iter().filter(|((of, _), _)| of == provider);
        let fitting = of_provider.filter(|((_, name), _)| is_version(model, name));
        let longest = fitting.max_by_key(|((_, name), _)| name.len());
        longest.map(|(_, prices)| *prices)
    }
}

/// Whether `model` is `name`, or a version of it.
fn is_version(model: &str, name: &str) -> bool {
    let rest = model.strip_prefix(name);
    rest.is_some_and(|rest| {
        let version = rest.trim_start_matches(['-', '@']);
        rest.is_empty()
            || version.len() < rest.len() && version.starts_with(|c: char| c.is_ascii_digit())
    })
}

impl FromIterator<((String, String), Prices)> for PriceTable {
    fn from_iter<T: IntoIterator<Item = ((String, String), Prices)>>(prices: T) -> Self {
        Self(prices.into_iter().collect())
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

    #[test]
    fn a_part_of_a_millionth_is_a_whole_one() {
        let prices = Prices {
            input: Price::alike(100),
            ..Prices::default()
        };
        let usage = Usage {
            input: Tokens {
                text: 1,
                ..Tokens::default()
            },
            ..Usage::default()
        };
        assert_eq!(prices.cost_micros(&usage), 1);
        assert_eq!(prices.cost_micros(&Usage::default()), 0);
    }

    #[track_caller]
    fn check(model: &str, expected: Option<u64>) {
        let mut table = PriceTable::default();
        for (name, price) in [("m-4", 1), ("m-4.1", 2), ("m-4-mini", 3)] {
            let input = Price::alike(price);
            let prices = Prices {
                input,
                ..Prices::default()
            };
            table.set("p", name, prices);
        }
        let prices = table.of("p", model);
        assert_eq!(prices.map(|prices| prices.input.text), expected, "{model}");
        assert_eq!(table.of("other", model), None);
    }

    #[test]
    fn a_version_has_the_price_of_its_model_and_a_sibling_has_not() {
        check("m-4", Some(1));
        check("m-4-2026-01-01", Some(1));
        check("m-4.1-2026-01-01", Some(2));
        check("m-4-mini", Some(3));
        check("m-4-mini@20260101", Some(3));
        check("m-4-nano", None);
        check("m-4o", None);
        check("m", None);
    }
}
