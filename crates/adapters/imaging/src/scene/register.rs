//! How the camera has moved between two pictures.

use super::affine::{Affine, Match};
use super::plane::{Part, Plane, product, sums};

/// The shorter side of the smallest sketch that can be compared, in pixels.
const LEAST_SIDE: usize = 128;

/// A block is worth searching for from this mean square contrast on.
const LEAST_POWER: usize = 4;

/// Matches below this agreement are left out.
const LEAST_AGREEMENT: f32 = 0.3;

/// How blocks are searched for at one size of the sketch.
struct Search {
    /// Width and height of a block.
    block: usize,
    /// From one block to the next.
    step: usize,
    /// How far each is looked for around where it is expected.
    reach: isize,
}

const MIDDLE: Search = Search {
    block: 16,
    step: 16,
    reach: 3,
};
const FINE: Search = Search {
    block: 24,
    step: 24,
    reach: 2,
};

/// Whether both sketches have the same shape and enough of it.
pub(super) fn is_possible(now: &Plane, before: &Plane) -> bool {
    let shape = |plane: &Plane| (plane.width, plane.height);
    shape(now) == shape(before) && now.width.min(now.height) >= LEAST_SIDE
}

/// Finds how the camera was held at a quarter of the size, all of the picture at once: lines of text are
/// too alike for parts of it to be found one by one, and at less than a quarter words are no more. At
/// half and full size the blocks of that map are found where they really are. Of pictures that have
/// nothing in common it finds some map, under which they do not agree either.
pub(super) fn register(now: &Plane, before: &Plane) -> Affine {
    let (now2, before2) = (now.halved(), before.halved());
    let (now4, before4) = (now2.halved(), before2.halved());
    let (whole, middle) = (Ground::of(&now4, 0), Ground::of(&now4, 5));
    let reach = |side: usize| side as isize / 5;
    let wide = (reach(now4.width), reach(now4.height));
    let pose = Pose::default()
        .best_of(&TURNS, &[0.965, 1.0, 1.035], wide, (&middle, &before4))
        .best_of(
            &[-0.018, 0.0, 0.018],
            &[0.98, 1.0, 1.02],
            (2, 2),
            (&whole, &before4),
        )
        .best_of(
            &[-0.008, 0.0, 0.008],
            &[0.99, 1.0, 1.01],
            (1, 1),
            (&whole, &before4),
        );
    let map = pose.map(&now4).doubled();
    let map = MIDDLE.refined(&now2, &before2, map).doubled();
    FINE.refined(now, before, map)
}

/// Radians: nobody holds a page or the head at the same angle for long.
const TURNS: [f32; 5] = [-0.07, -0.035, 0.0, 0.035, 0.07];

/// How the camera was held: the shift comes before turn and scale.
#[derive(Debug, Clone, Copy)]
struct Pose {
    turn: f32,
    scale: f32,
    shift: (isize, isize),
}

impl Default for Pose {
    fn default() -> Self {
        Self {
            turn: 0.0,
            scale: 1.0,
            shift: (0, 0),
        }
    }
}

impl Pose {
    /// The best of all poses that differ from this one by some turn, scale and shift.
    fn best_of(
        self,
        turns: &[f32],
        scales: &[f32],
        reach: (isize, isize),
        pair: (&Ground, &Plane),
    ) -> Self {
        let mut best = (f32::MIN, self);
        for turn in turns {
            for scale in scales {
                let pose = Self {
                    turn: self.turn + turn,
                    scale: self.scale * scale,
                    ..self
                };
                let found = pose.best_shift(reach, pair);
                if found.0 > best.0 {
                    best = found;
                }
            }
        }
        best.1
    }

    fn best_shift(
        self,
        (x, y): (isize, isize),
        (ground, before): (&Ground, &Plane),
    ) -> (f32, Self) {
        let size = (before.width, before.height);
        let (warped, _) = Affine::turned(self.turn, self.scale, size).warped(before);
        let warped = [warped.slope_across(), warped.slope_down()];
        let shifts = (-y..=y).flat_map(|y| (-x..=x).map(move |x| (x, y)));
        let shifted = shifts.map(|(x, y)| (self.shift.0 + x, self.shift.1 + y));
        let scored =
            shifted.map(|shift| (ground.agreement(&warped, shift), Self { shift, ..self }));
        let best = scored.max_by(|(a, _), (b, _)| a.total_cmp(b));
        best.unwrap_or((f32::MIN, self))
    }

    fn map(&self, plane: &Plane) -> Affine {
        let (x, y) = self.shift;
        Affine::turned(self.turn, self.scale, (plane.width, plane.height))
            .after((x as f32, y as f32))
    }
}

/// The part of the picture now that is looked for as one.
struct Ground {
    /// Across and down: lines of text are alike in one of them, words differ in the other.
    slopes: [Plane; 2],
    part: Part,
    /// The sums of squares of both.
    power: [f32; 2],
}

impl Ground {
    /// The picture without a margin of one in `margin` parts of each side; 0 is all of it.
    fn of(now: &Plane, margin: usize) -> Self {
        let inset = |side: usize| side.checked_div(margin).unwrap_or(0);
        let (left, top) = (inset(now.width), inset(now.height));
        let part = Part {
            left,
            top,
            width: now.width - 2 * left,
            height: now.height - 2 * top,
        };
        let slopes = [now.slope_across(), now.slope_down()];
        let power = [0, 1].map(|way| slopes[way].power(part).max(1) as f32);
        Self {
            slopes,
            part,
            power,
        }
    }

    /// How well what overlaps under a shift agrees, each direction counting alike. The strength of the
    /// other picture is left out: it is about the same for all shifts.
    fn agreement(&self, before: &[Plane; 2], (x, y): (isize, isize)) -> f32 {
        let Part {
            left,
            top,
            width,
            height,
        } = self.part;
        let (all_width, all_height) = (before[0].width as isize, before[0].height as isize);
        let along = |from: usize, size: usize, shift: isize, all: isize| {
            let begin = (from as isize).max(-shift);
            let end = ((from + size) as isize).min(all - shift);
            (begin, end - begin)
        };
        let (left, width_left) = along(left, width, x, all_width);
        let (top, height_left) = along(top, height, y, all_height);
        let part = Part {
            left: left as usize,
            top: top as usize,
            width: width_left.max(0) as usize,
            height: height_left.max(0) as usize,
        };
        let place = ((left + x) as usize, (top + y) as usize);
        let share = (width * height) as f32 / (part.width * part.height).max(1) as f32;
        let way = |way: usize| {
            let product = product(&self.slopes[way], part, &before[way], place);
            product as f32 / self.power[way]
        };
        (way(0) + way(1)) * share
    }
}

impl Search {
    fn refined(&self, now: &Plane, before: &Plane, map: Affine) -> Affine {
        let tops = (0..=now.height - self.block).step_by(self.step);
        let parts = tops.flat_map(|top| {
            let lefts = (0..=now.width - self.block).step_by(self.step);
            lefts.map(move |left| Part {
                left,
                top,
                width: self.block,
                height: self.block,
            })
        });
        let matches: Vec<_> = parts
            .filter_map(|part| self.found(now, part, before, map))
            .collect();
        map.fitted(&matches)
    }

    /// Where a block was before, between pixels.
    fn found(&self, now: &Plane, part: Part, before: &Plane, map: Affine) -> Option<Match> {
        if now.power(part) < (self.block * self.block * LEAST_POWER) as i32 {
            return None;
        }
        let middle = (self.block - 1) as f32 / 2.0;
        let here = (part.left as f32 + middle, part.top as f32 + middle);
        let (x, y) = map.at(here);
        let expected = ((x - middle).round() as isize, (y - middle).round() as isize);
        let score = |x: isize, y: isize| {
            let place = (expected.0 + x, expected.1 + y);
            agreement_at(now, part, before, place)
        };
        let reach = -self.reach..=self.reach;
        let offsets = reach
            .clone()
            .flat_map(|y| reach.clone().map(move |x| (x, y)));
        let (best, (x, y)) = offsets
            .map(|(x, y)| (score(x, y), (x, y)))
            .max_by(|(a, _), (b, _)| a.total_cmp(b))?;
        if best < LEAST_AGREEMENT {
            return None;
        }
        let between = (
            summit(score(x - 1, y), best, score(x + 1, y)),
            summit(score(x, y - 1), best, score(x, y + 1)),
        );
        Some(Match {
            now: here,
            before: (
                (expected.0 + x) as f32 + middle + between.0,
                (expected.1 + y) as f32 + middle + between.1,
            ),
            weight: best * best,
        })
    }
}

/// −1 where the block would reach out of the picture.
fn agreement_at(now: &Plane, part: Part, before: &Plane, (x, y): (isize, isize)) -> f32 {
    let (Ok(left), Ok(top)) = (usize::try_from(x), usize::try_from(y)) else {
        return -1.0;
    };
    if left + part.width > before.width || top + part.height > before.height {
        return -1.0;
    }
    sums(now, part, before, (left, top)).agreement()
}

/// Where the parabola through three neighbouring values has its top, from the middle one.
fn summit(left: f32, middle: f32, right: f32) -> f32 {
    let bend = left + right - 2.0 * middle;
    if bend > -1e-6 {
        return 0.0;
    }
    (0.5 * (left - right) / bend).clamp(-0.5, 0.5)
}
