//! What requests and answers cost in tokens.
//!
//! Images are counted as the provider's published formulas count them, by patches or by tiles,
//! depending on the model's family. Text is estimated at four characters a token.

use crate::sim::picture::whole;

const PATCH: f64 = 32.0;

/// What an image costs.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ImageCost {
    /// Patches of 32 pixels before the budget is applied; 0 for tile models.
    pub(super) patches: u64,
    /// Input tokens.
    pub(super) tokens: u64,
}

enum Family {
    /// Patches of 32 pixels, thousandths of a token each.
    Patches {
        permille: u64,
        details: fn(&str) -> Scale,
    },
    /// Tiles of 512 pixels.
    Tiles { base: u64, tile: u64 },
}

/// How far an image is scaled down before patches are counted.
struct Scale {
    longest: Option<u32>,
    budget: Option<u32>,
}

const fn scale(longest: u32, budget: u32) -> Scale {
    Scale {
        longest: Some(longest),
        budget: Some(budget),
    }
}

const UNSCALED: Scale = Scale {
    longest: None,
    budget: None,
};
const LOW: Scale = Scale {
    longest: Some(512),
    budget: None,
};

/// The newest generation: `auto` is `original`.
fn by_detail(detail: &str) -> Scale {
    match detail {
        "low" => LOW,
        "high" => scale(2048, 2500),
        _ => UNSCALED,
    }
}

/// One generation before.
fn by_detail_with_roof(detail: &str) -> Scale {
    match detail {
        "low" => LOW,
        "high" => scale(2048, 2500),
        _ => scale(6000, 10_000),
    }
}

fn whatever_detail(_: &str) -> Scale {
    scale(2048, 6144)
}

/// The family of a model name; unknown names count as the newest.
fn family(model: &str) -> Family {
    let patches = |permille, details| Family::Patches { permille, details };
    let tiles = |base, tile| Family::Tiles { base, tile };
    let begins = |names: &[&str]| names.iter().any(|name| model.starts_with(name));
    match () {
        () if begins(&["gpt-4o-mini"]) => tiles(2833, 5667),
        () if begins(&["gpt-4.1-mini"]) => patches(1620, whatever_detail),
        () if begins(&["gpt-4.1-nano"]) => patches(2460, whatever_detail),
        () if begins(&["gpt-4o", "gpt-4.1"]) => tiles(85, 170),
        () if begins(&["gpt-5-mini"]) => patches(1200, whatever_detail),
        () if begins(&["gpt-5-nano"]) => patches(1500, whatever_detail),
        () if begins(&["gpt-5.2", "gpt-5.3", "gpt-5.4"]) => patches(1200, whatever_detail),
        () if begins(&["gpt-5.5"]) => patches(1200, by_detail_with_roof),
        () if begins(&["gpt-5.6"]) => patches(1200, by_detail),
        () if begins(&["gpt-5"]) => tiles(70, 140),
        () if begins(&["o4-mini"]) => patches(1720, whatever_detail),
        () if begins(&["o1", "o3"]) => tiles(75, 150),
        () => patches(1200, by_detail),
    }
}

/// Tokens of an image of this many pixels.
pub(super) fn of_image(model: &str, detail: &str, width: u32, height: u32) -> ImageCost {
    let size = (f64::from(width), f64::from(height));
    match family(model) {
        Family::Tiles { base, tile } => ImageCost {
            patches: 0,
            tokens: base
                + if detail == "low" {
                    0
                } else {
                    tile * tiles(size)
                },
        },
        Family::Patches { permille, details } => {
            let scale = details(detail);
            let size = fit(size, scale.longest);
            let within = within_budget(size, scale.budget);
            ImageCost {
                patches: patches(size),
                tokens: (patches(within) * permille).div_ceil(1000),
            }
        }
    }
}

/// Tokens of a text.
pub(in crate::sim) fn of_text(text: &str) -> u64 {
    u64::try_from(text.chars().count().div_ceil(4)).unwrap_or(u64::MAX)
}

type Size = (f64, f64);

fn fit((w, h): Size, longest: Option<u32>) -> Size {
    let factor = longest
        .map_or(1.0, |longest| f64::from(longest) / w.max(h))
        .min(1.0);
    (w * factor, h * factor)
}

fn patches((w, h): Size) -> u64 {
    whole((w / PATCH).ceil()) * whole((h / PATCH).ceil())
}

/// Scales both sides until the patches fit, then so much more that one side is whole patches.
fn within_budget(size: Size, budget: Option<u32>) -> Size {
    let (w, h) = size;
    let Some(budget) = budget.filter(|budget| patches(size) > u64::from(*budget)) else {
        return size;
    };
    let factor = (PATCH * PATCH * f64::from(budget) / (w * h)).sqrt();
    let (across, down) = (w * factor / PATCH, h * factor / PATCH);
    let factor = factor * (across.floor() / across).min(down.floor() / down);
    (w * factor, h * factor)
}

/// Within a square of 2,048, the shorter side at most 768.
fn tiles(size: Size) -> u64 {
    let (w, h) = fit(size, Some(2048));
    let factor = (768.0 / w.min(h)).min(1.0);
    whole((w * factor / 512.0).ceil()) * whole((h * factor / 512.0).ceil())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Published figures: newest auto, high and low, 4.1-mini, 4o.
    #[track_caller]
    fn check(width: u32, height: u32, expected: [u64; 5]) {
        let asked = [
            ("gpt-5.6", "auto"),
            ("gpt-5.6", "high"),
            ("gpt-5.6", "low"),
            ("gpt-4.1-mini", "high"),
            ("gpt-4o", "high"),
        ];
        let tokens = asked.map(|(model, detail)| of_image(model, detail, width, height).tokens);
        assert_eq!(tokens, expected);
    }

    #[test]
    fn photographs_cost_what_the_formulas_say() {
        check(4032, 3024, [14_364, 2942, 231, 4977, 765]);
        check(1920, 1080, [2448, 2448, 173, 3305, 1105]);
        check(1600, 1200, [2280, 2280, 231, 3078, 765]);
        check(1280, 960, [1440, 1440, 231, 1944, 765]);
        check(1024, 768, [922, 922, 231, 1245, 765]);
        check(768, 576, [519, 519, 231, 700, 765]);
    }

    #[test]
    fn one_pixel_is_one_patch() {
        let cost = of_image("gpt-5.6", "auto", 1, 1);
        assert_eq!((cost.patches, cost.tokens), (1, 2));
    }
}
