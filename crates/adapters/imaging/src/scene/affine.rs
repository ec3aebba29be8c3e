//! Plane maps, and finding the one that fits.

use super::plane::Plane;

/// Where a point of the picture now was in the picture before:
/// `(a·x + b·y + c, d·x + e·y + f)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Affine {
    across: [f32; 3],
    down: [f32; 3],
}

/// A place now, and where it was found before.
#[derive(Debug, Clone, Copy)]
pub(super) struct Match {
    pub(super) now: (f32, f32),
    pub(super) before: (f32, f32),
    /// How much it counts.
    pub(super) weight: f32,
}

/// Matches off by this many pixels count half.
const DOUBT: f32 = 2.0;

/// Rounds in which matches that do not fit the others lose their weight.
const ROUNDS: usize = 5;

/// How strongly the map keeps to what it was, so that few matches do not bend it.
const CALM: [f32; 3] = [20.0, 20.0, 0.01];

impl Affine {
    /// Turned by `turn` radians and scaled about the middle of a plane of this size.
    pub(super) fn turned(turn: f32, scale: f32, (width, height): (usize, usize)) -> Self {
        let (middle_x, middle_y) = ((width as f32 - 1.0) / 2.0, (height as f32 - 1.0) / 2.0);
        let (sin, cos) = (turn.sin() * scale, turn.cos() * scale);
        Self {
            across: [cos, -sin, middle_x - cos * middle_x + sin * middle_y],
            down: [sin, cos, middle_y - sin * middle_x - cos * middle_y],
        }
    }

    /// This map after everything has moved by a shift.
    pub(super) fn after(self, (x, y): (f32, f32)) -> Self {
        let row = |[a, b, c]: [f32; 3]| [a, b, a * x + b * y + c];
        Self {
            across: row(self.across),
            down: row(self.down),
        }
    }

    /// A plane as it looks through the map, and which of its pixels are in view; the others are 0.
    pub(super) fn warped(&self, before: &Plane) -> (Plane, Vec<bool>) {
        let mut warped = Plane::empty(before.width, before.height);
        let mut seen = vec![false; warped.values.len()];
        for (i, (value, seen)) in warped.values.iter_mut().zip(&mut seen).enumerate() {
            let place = ((i % before.width) as f32, (i / before.width) as f32);
            if let Some(found) = before.between(self.at(place)) {
                (*value, *seen) = (found, true);
            }
        }
        (warped, seen)
    }

    pub(super) fn at(&self, (x, y): (f32, f32)) -> (f32, f32) {
        let along = |row: [f32; 3]| row[0] * x + row[1] * y + row[2];
        (along(self.across), along(self.down))
    }

    /// The same map between planes twice as large. The middle of a pixel is half a pixel from its
    /// edge at both sizes.
    pub(super) fn doubled(&self) -> Self {
        let row = |[a, b, c]: [f32; 3]| [a, b, 2.0 * c - 0.5 * (a + b - 1.0)];
        Self {
            across: row(self.across),
            down: row(self.down),
        }
    }

    /// The map that most matches agree on (least squares, each match reweighted by how far it is
    /// off: Cauchy's weights), beginning with this one.
    pub(super) fn fitted(self, matches: &[Match]) -> Self {
        let mut map = self;
        for _ in 0..ROUNDS {
            let (mut across, mut down) = (Normal::calm(map.across), Normal::calm(map.down));
            for found in matches {
                let (u, v) = map.at(found.now);
                let off = (u - found.before.0).powi(2) + (v - found.before.1).powi(2);
                let weight = found.weight / (1.0 + off / (DOUBT * DOUBT));
                let basis = [found.now.0, found.now.1, 1.0];
                across.add(basis, found.before.0, weight);
                down.add(basis, found.before.1, weight);
            }
            let (Some(across), Some(down)) = (across.solved(), down.solved()) else {
                return map;
            };
            map = Self { across, down };
        }
        map
    }
}

/// The normal equations of three unknowns, their right side last.
struct Normal([[f64; 4]; 3]);

impl Normal {
    fn calm(row: [f32; 3]) -> Self {
        let mut equations = [[0.0; 4]; 3];
        for (i, calm) in CALM.into_iter().enumerate() {
            equations[i][i] = f64::from(calm);
            equations[i][3] = f64::from(calm * row[i]);
        }
        Self(equations)
    }

    fn add(&mut self, basis: [f32; 3], target: f32, weight: f32) {
        for (equation, factor) in self.0.iter_mut().zip(basis) {
            let factor = f64::from(factor * weight);
            let terms = [basis[0], basis[1], basis[2], target];
            for (sum, term) in equation.iter_mut().zip(terms) {
                *sum += factor * f64::from(term);
            }
        }
    }

    /// Elimination with the largest pivot; `None` when there is none.
    fn solved(mut self) -> Option<[f32; 3]> {
        let rows = &mut self.0;
        for i in 0..3 {
            let pivot = (i..3).max_by(|a, b| rows[*a][i].abs().total_cmp(&rows[*b][i].abs()))?;
            rows.swap(i, pivot);
            if rows[i][i].abs() < 1e-9 {
                return None;
            }
            let leading = rows[i];
            let others = rows.iter_mut().enumerate().filter(|(j, _)| *j != i);
            for (_, row) in others {
                let factor = row[i] / leading[i];
                for (value, lead) in row.iter_mut().zip(leading) {
                    *value -= factor * lead;
                }
            }
        }
        Some([0, 1, 2].map(|i| (rows[i][3] / rows[i][i]) as f32))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid() -> impl Iterator<Item = (f32, f32)> {
        (0..6_u8).flat_map(|y| (0..8_u8).map(move |x| (f32::from(x) * 40.0, f32::from(y) * 40.0)))
    }

    const TURNED: Affine = Affine {
        across: [0.99, -0.03, 7.0],
        down: [0.03, 1.02, -4.0],
    };

    fn matches(right: usize) -> Vec<Match> {
        let found = |(i, now)| {
            let (x, y) = TURNED.at(now);
            let stray = if i % 48 < right { 0.0 } else { 9.0 };
            Match {
                now,
                before: (x + stray, y - stray),
                weight: 1.0,
            }
        };
        grid().enumerate().map(found).collect()
    }

    #[track_caller]
    fn check(map: Affine, tolerance: f32) {
        for place in grid() {
            let ((x, y), (u, v)) = (map.at(place), TURNED.at(place));
            assert!((x - u).abs() + (y - v).abs() < tolerance, "{map:?}");
        }
    }

    const STILL: Affine = Affine {
        across: [1.0, 0.0, 0.0],
        down: [0.0, 1.0, 0.0],
    };

    #[test]
    fn a_small_turn_is_found_from_its_matches() {
        check(STILL.fitted(&matches(48)), 0.2);
    }

    #[test]
    fn a_quarter_of_wrong_matches_bends_the_map_by_less_than_a_pixel() {
        check(TURNED.fitted(&matches(36)), 1.5);
    }

    #[test]
    fn without_matches_the_map_stays_as_it_is() {
        check(TURNED.fitted(&[]), 0.01);
    }

    #[test]
    fn a_doubled_map_takes_middles_of_pixels_to_middles() {
        let (x, y) = TURNED.at((3.5, 2.5));
        let (u, v) = TURNED.doubled().at((7.5, 5.5));
        assert!((u - (2.0 * x + 0.5)).abs() < 1e-4 && (v - (2.0 * y + 0.5)).abs() < 1e-4);
    }

    #[test]
    fn the_middle_stays_where_it_is_when_the_camera_turns() {
        let map = Affine::turned(0.1, 1.05, (41, 31));
        let (x, y) = map.at((20.0, 15.0));
        assert!((x - 20.0).abs() < 1e-4 && (y - 15.0).abs() < 1e-4);
        let (x, y) = map.after((3.0, -2.0)).at((17.0, 17.0));
        assert!((x - 20.0).abs() < 1e-4 && (y - 15.0).abs() < 1e-4);
    }
}
