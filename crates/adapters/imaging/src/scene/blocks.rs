//! Block by block: is what was there still there?

use vision::Likeness;

use super::affine::Affine;
use super::plane::{Part, Plane, Sums, sums};

/// Width and height of a block: about three lines and two words.
const BLOCK: usize = 24;

/// The map is trusted to this many pixels; pages bend.
const REACH: usize = 2;

/// A block has something in it from this mean square slope on, both directions together. Paper, desk
/// and skin stay below.
const INKED: i32 = 36;

/// A direction counts when it holds a seventh of a block's slopes, in either picture.
const SHARE: i32 = 7;

/// What was or is covered must be as much stronger than [`INKED`] to be told from what is faint.
const CLEAR: i32 = 4;

/// A block shows the same if it agrees this well with what was there, compared with the blocks that agree
/// best: blur and noise weaken all of them, another word one.
const SAME: f32 = 0.8;

/// Below this agreement, −1 to 1, no block shows the same. Blocks of other text come to 0.2.
const LEAST: f32 = 0.5;

/// Agreement with which the search ends.
const CLEARLY: f32 = 0.92;

/// Compares all blocks of the picture now with where they were before.
pub(super) fn count(now: &Plane, before: &Plane, moved: Affine) -> Likeness {
    let (before, seen) = moved.warped(before);
    let slopes = |plane: &Plane| [plane.slope_across(), plane.slope_down()];
    let pair = Pair {
        now: slopes(now),
        before: slopes(&before),
    };
    let (mut likeness, mut agreements) = (Likeness::default(), Vec::new());
    for part in parts(now) {
        match pair.block(part, is_seen(&seen, now.width, part)) {
            Block::Compared(agreement) => agreements.push(agreement),
            Block::Fresh => likeness.fresh += 1,
            Block::Hidden => likeness.hidden += 1,
            Block::Beyond => likeness.beyond += 1,
            Block::Empty => likeness.empty += 1,
        }
    }
    agreements.sort_unstable_by(f32::total_cmp);
    let quarter = |quarters: usize| agreements.get(agreements.len() * quarters / 4);
    likeness.typical = quarter(2).copied().unwrap_or_default();
    let least = quarter(3).map_or(LEAST, |good| (good * SAME).max(LEAST));
    let agreeing = agreements.iter().filter(|agreement| **agreement >= least);
    likeness.agreeing = agreeing.count() as u32;
    likeness.contradicting = agreements.len() as u32 - likeness.agreeing;
    likeness
}

fn parts(plane: &Plane) -> impl Iterator<Item = Part> {
    let along = |side: usize| (REACH..=side - BLOCK - REACH).step_by(BLOCK);
    let part = |left, top| Part {
        left,
        top,
        width: BLOCK,
        height: BLOCK,
    };
    let width = plane.width;
    along(plane.height).flat_map(move |top| along(width).map(move |left| part(left, top)))
}

/// What a block tells.
enum Block {
    /// How well it agrees with what was there.
    Compared(f32),
    Fresh,
    Hidden,
    Beyond,
    Empty,
}

fn is_seen(seen: &[bool], width: usize, part: Part) -> bool {
    let columns = [part.left - REACH, part.left + BLOCK + REACH - 1];
    let rows = [part.top - REACH, part.top + BLOCK + REACH - 1];
    rows.iter()
        .all(|y| columns.iter().all(|x| seen[y * width + x]))
}

/// Slopes across and down of both pictures.
struct Pair {
    now: [Plane; 2],
    before: [Plane; 2],
}

impl Pair {
    fn block(&self, part: Part, seen: bool) -> Block {
        let (now, before) = (power(&self.now, part), power(&self.before, part));
        match (now >= INKED, before >= INKED) {
            (true, _) if !seen => Block::Beyond,
            (true, true) if seen => Block::Compared(self.agreement(part)),
            (true, false) if now >= CLEAR * INKED => Block::Fresh,
            (false, true) if seen && before >= CLEAR * INKED => Block::Hidden,
            _ => Block::Empty,
        }
    }

    /// How well the worse direction agrees at the place within reach where both together agree best.
    fn agreement(&self, part: Part) -> f32 {
        let expected = self.at(part, (part.left, part.top)).1;
        if expected >= CLEARLY {
            return expected;
        }
        let around = |from: usize| from - REACH..=from + REACH;
        let places = around(part.top).flat_map(|y| around(part.left).map(move |x| (x, y)));
        let best = places
            .map(|place| self.at(part, place))
            .max_by(|(a, _), (b, _)| a.total_cmp(b));
        best.map_or(expected, |(_, worse)| worse)
    }

    /// How well both directions agree together, and how well the worse of them does.
    fn at(&self, part: Part, place: (usize, usize)) -> (f32, f32) {
        let [across, down] = [0, 1].map(|way| sums(&self.now[way], part, &self.before[way], place));
        let whole = across.and(down);
        let counts =
            |way: &Sums| way.now >= whole.now / SHARE || way.before >= whole.before / SHARE;
        let ways = [across, down].into_iter().filter(counts);
        let least = ways.map(Sums::agreement).fold(1.0, f32::min);
        (whole.agreement(), least)
    }
}

/// The mean square slope of a block.
fn power(slopes: &[Plane; 2], part: Part) -> i32 {
    let power: i32 = slopes.iter().map(|slope| slope.power(part)).sum();
    power / (BLOCK * BLOCK) as i32
}
