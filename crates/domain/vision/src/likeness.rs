//! When a picture shows the same view as another one.

use async_trait::async_trait;
use bytes::Bytes;
use kernel::PortResult;

/// What tells whether another picture shows the same view: the matter of whoever compares them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature(Bytes);

impl Signature {
    /// A signature of these bytes.
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        Self(bytes.into())
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// How two pictures compare, block by block, once the movement of the camera is undone. A block is
/// some words wide and some lines high; it is *inked* if there is anything in it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Likeness {
    /// Inked blocks that show the same.
    pub agreeing: u32,
    /// Inked blocks that show something else, or have something over them.
    pub contradicting: u32,
    /// Blocks inked now that were not before: new writing, or uncovered.
    pub fresh: u32,
    /// Blocks inked before that are not now: covered by a hand, or wiped off.
    pub hidden: u32,
    /// Inked blocks that were out of view before.
    pub beyond: u32,
    /// All other blocks.
    pub empty: u32,
    /// How well the middle one of all compared blocks agrees: 1 the same, 0 unrelated.
    pub typical: f32,
    /// How many times as sharp the picture is now; above 1 it is sharper.
    pub sharper: f32,
}

/// Fewer blocks that agree prove nothing: a bare desk looks like another one.
const LEAST_AGREEING: u32 = 10;

/// Of all blocks that can tell, at most this many percent may tell of something else. Fingers and
/// pens stay below on most pictures; other text on a quarter of a page does not.
const MOST_OTHER_PERCENT: u32 = 16;

/// Where most of a sheet is the same and only figures differ, blocks agree, but not quite: by 0.85 at
/// most. Those of the same page agree by 0.92 and more.
const LEAST_TYPICAL: f32 = 0.89;

/// At most this many percent of what was there may be covered.
const MOST_HIDDEN_PERCENT: u32 = 40;

/// At most this many percent of what is there now may have come into view.
const MOST_BEYOND_PERCENT: u32 = 25;

/// From here on more can be read than before: a first picture smeared by motion comes to 1.5.
const SHARPER: f32 = 1.4;

impl Likeness {
    /// Whether what was said of the picture before can be said of this one too. In doubt it cannot:
    /// another look costs money, a page taken for another one costs the truth.
    pub fn is_same_view(&self) -> bool {
        let other = self.contradicting + self.fresh;
        let telling = self.agreeing + other;
        let before = self.agreeing + self.contradicting + self.hidden;
        self.agreeing >= LEAST_AGREEING
            && self.typical >= LEAST_TYPICAL
            && other * 100 <= telling * MOST_OTHER_PERCENT
            && self.hidden * 100 <= before * MOST_HIDDEN_PERCENT
            && self.beyond * 100 <= (telling + self.beyond) * MOST_BEYOND_PERCENT
            && self.sharper < SHARPER
    }
}

/// Compares pictures by their signatures.
#[async_trait]
pub trait SceneComparer: Send + Sync {
    /// How much of `before` is still to be seen in `now`.
    async fn compare(&self, now: Signature, before: Signature) -> PortResult<Likeness>;
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: Likeness = Likeness {
        agreeing: 120,
        contradicting: 2,
        fresh: 3,
        hidden: 2,
        beyond: 5,
        empty: 44,
        typical: 0.95,
        sharper: 1.0,
    };

    #[track_caller]
    fn check(likeness: Likeness, same: bool) {
        assert_eq!(likeness.is_same_view(), same, "{likeness:?}");
    }

    #[test]
    fn a_page_that_still_says_the_same_is_the_same_view() {
        check(PAGE, true);
    }

    #[test]
    fn words_that_are_not_the_same_are_another_page() {
        check(
            Likeness {
                agreeing: 30,
                contradicting: 92,
                ..PAGE
            },
            false,
        );
        check(
            Likeness {
                contradicting: 24,
                ..PAGE
            },
            false,
        );
    }

    #[test]
    fn a_sheet_with_other_figures_is_another_page() {
        check(
            Likeness {
                typical: 0.85,
                ..PAGE
            },
            false,
        );
        check(
            Likeness {
                typical: 0.92,
                ..PAGE
            },
            true,
        );
    }

    #[test]
    fn some_new_lines_are_worth_another_look() {
        check(Likeness { fresh: 12, ..PAGE }, true);
        check(Likeness { fresh: 24, ..PAGE }, false);
    }

    #[test]
    fn a_hand_over_a_third_of_the_page_changes_nothing() {
        check(
            Likeness {
                agreeing: 80,
                hidden: 42,
                ..PAGE
            },
            true,
        );
        check(
            Likeness {
                agreeing: 60,
                hidden: 62,
                ..PAGE
            },
            false,
        );
    }

    #[test]
    fn what_came_into_view_is_looked_at() {
        check(Likeness { beyond: 50, ..PAGE }, false);
    }

    #[test]
    fn few_blocks_prove_nothing() {
        let bare = Likeness {
            agreeing: 9,
            contradicting: 0,
            fresh: 0,
            beyond: 0,
            ..PAGE
        };
        check(bare, false);
        check(
            Likeness {
                agreeing: 10,
                ..bare
            },
            true,
        );
        check(Likeness::default(), false);
    }

    #[test]
    fn a_sharper_picture_is_looked_at() {
        check(
            Likeness {
                sharper: 1.39,
                ..PAGE
            },
            true,
        );
        check(
            Likeness {
                sharper: 1.5,
                ..PAGE
            },
            false,
        );
    }
}
