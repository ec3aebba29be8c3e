//! Smooth curves through scattered points.

/// A polynomial of low degree in x, kept in a form that stays exact on wide pages.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Curve {
    middle: f32,
    half: f32,
    factors: Vec<f32>,
}

impl Curve {
    /// A straight line through a point.
    pub(super) fn straight((x, y): (f32, f32), slope: f32) -> Self {
        Self {
            middle: x,
            half: 1.0,
            factors: vec![y, slope],
        }
    }

    /// Height at `x`.
    pub(super) fn y(&self, x: f32) -> f32 {
        let t = (x - self.middle) / self.half;
        self.factors.iter().rev().fold(0.0, |sum, f| sum * t + f)
    }

    /// Slope at `x`.
    pub(super) fn slope(&self, x: f32) -> f32 {
        let t = (x - self.middle) / self.half;
        let mut power = 1.0;
        let mut sum = 0.0;
        let mut degree = 1.0;
        for factor in &self.factors[1..] {
            sum += degree * factor * power;
            power *= t;
            degree += 1.0;
        }
        sum / self.half
    }

    /// The curve that most points lie on. Points further than `near` from it count less and less,
    /// those below it (descenders) a quarter of that; `points` are not empty.
    pub(super) fn through(points: &[(f32, f32)], degree: usize, slope: f32, near: f32) -> Self {
        let (from, to) = (points[0].0, points[points.len() - 1].0);
        let middle = f32::midpoint(from, to);
        let median = median(points.iter().map(|(x, y)| y - slope * (x - middle)));
        let mut curve = Self {
            middle,
            half: ((to - from) / 2.0).max(1.0),
            factors: vec![median, slope * ((to - from) / 2.0).max(1.0)],
        };
        for round in 0..8_u8 {
            // Bends are let in once the straight line has found its place.
            let degree = if round < 2 { degree.min(1) } else { degree };
            let near = if round < 2 { near * 3.0 } else { near };
            if let Some(factors) = curve.refitted(points, degree, near) {
                curve.factors = factors;
            }
        }
        curve
    }

    fn refitted(&self, points: &[(f32, f32)], degree: usize, near: f32) -> Option<Vec<f32>> {
        let size = degree + 1;
        let mut system = vec![vec![0.0_f64; size + 1]; size];
        for (x, y) in points {
            let off = (y - self.y(*x)) / near;
            let off = if off > 0.0 { off * 4.0 } else { off };
            let weight = f64::from(1.0 / (1.0 + off * off));
            let t = f64::from((x - self.middle) / self.half);
            let powers: Vec<f64> = std::iter::successors(Some(1.0), |power| Some(power * t))
                .take(size)
                .collect();
            for (row, a) in system.iter_mut().zip(&powers) {
                for (cell, b) in row.iter_mut().zip(&powers) {
                    *cell += weight * a * b;
                }
                row[size] += weight * a * f64::from(*y);
            }
        }
        solved(system)
    }
}

/// Gauss's elimination; `None` when the points do not decide the curve.
#[expect(
    clippy::cast_possible_truncation,
    reason = "pixels need no double precision"
)]
fn solved(mut system: Vec<Vec<f64>>) -> Option<Vec<f32>> {
    let size = system.len();
    for pivot in 0..size {
        let best = (pivot..size)
            .max_by(|a, b| system[*a][pivot].abs().total_cmp(&system[*b][pivot].abs()))?;
        system.swap(pivot, best);
        if system[pivot][pivot].abs() < 1e-6 {
            return None;
        }
        let row = system[pivot].clone();
        for other in (0..size).filter(|other| *other != pivot) {
            let times = system[other][pivot] / row[pivot];
            for (cell, subtracted) in system[other].iter_mut().zip(&row) {
                *cell -= times * subtracted;
            }
        }
    }
    Some(
        (0..size)
            .map(|i| (system[i][size] / system[i][i]) as f32)
            .collect(),
    )
}

/// The middle value; 0 of none.
pub(super) fn median(values: impl Iterator<Item = f32>) -> f32 {
    quantile(values, 50)
}

/// The value that `percent` of the values are below; 0 of none.
pub(super) fn quantile(values: impl Iterator<Item = f32>, percent: usize) -> f32 {
    let mut values: Vec<f32> = values.collect();
    if values.is_empty() {
        return 0.0;
    }
    values.sort_by(f32::total_cmp);
    values[(values.len() - 1) * percent / 100]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_bent_line_is_found_among_descenders(
            bend in -20.0_f32..20.0,
            slope in -0.3_f32..0.3,
            level in 0.0_f32..1000.0,
        ) {
            let truth = |x: f32| {
                let t = (x - 500.0) / 500.0;
                level + slope * (x - 500.0) + bend * t * t
            };
            let descends = |i: u16| if i.is_multiple_of(6) { 5.0 } else { 0.0 };
            let points: Vec<(f32, f32)> = (0..100_u16)
                .map(|i| (f32::from(i) * 10.0, truth(f32::from(i) * 10.0) + descends(i)))
                .collect();
            let curve = Curve::through(&points, 2, slope, 2.0);
            for x in [0.0, 250.0, 500.0, 990.0] {
                prop_assert!((curve.y(x) - truth(x)).abs() < 1.0, "at {}: {}", x, curve.y(x));
            }
        }

        #[test]
        fn the_slope_is_that_of_the_curve(
            points in prop::collection::vec((0.0_f32..900.0, 0.0_f32..50.0), 5..40),
        ) {
            let mut points = points;
            points.sort_by(|a, b| a.0.total_cmp(&b.0));
            let curve = Curve::through(&points, 3, 0.0, 2.0);
            let slope = (curve.y(451.0) - curve.y(449.0)) / 2.0;
            prop_assert!((curve.slope(450.0) - slope).abs() < 0.05 + slope.abs() * 0.05);
        }
    }
}
