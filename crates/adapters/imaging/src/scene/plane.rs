//! A plane of small whole numbers.

/// Values between −254 and 254, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plane {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) values: Vec<i16>,
}

/// A rectangle within a plane.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub(super) left: usize,
    pub(super) top: usize,
    pub(super) width: usize,
    pub(super) height: usize,
}

/// Sums over two parts of the same size, pixel by pixel.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sums {
    pub(super) product: i32,
    pub(super) now: i32,
    pub(super) before: i32,
}

impl Plane {
    pub(super) fn empty(width: usize, height: usize) -> Self {
        Self {
            width,
            height,
            values: vec![0; width * height],
        }
    }

    pub(super) fn row(&self, y: usize) -> &[i16] {
        &self.values[y * self.width..(y + 1) * self.width]
    }

    fn rows_mut(&mut self) -> impl Iterator<Item = &mut [i16]> {
        self.values.chunks_exact_mut(self.width)
    }

    /// Half as wide and high, each value the mean of four.
    pub(super) fn halved(&self) -> Self {
        let mut half = Self::empty(self.width / 2, self.height / 2);
        for (y, row) in half.rows_mut().enumerate() {
            let (upper, lower) = (self.row(2 * y), self.row(2 * y + 1));
            let pairs = upper
                .as_chunks::<2>()
                .0
                .iter()
                .zip(lower.as_chunks::<2>().0);
            for (value, ([a, b], [c, d])) in row.iter_mut().zip(pairs) {
                *value = (a + b + c + d + 2) >> 2;
            }
        }
        half
    }

    /// Weighed 1-2-1 in both directions, so that half a pixel more or less does not matter. The
    /// outermost pixels stay.
    pub(super) fn smoothed(&self) -> Self {
        let mut across = self.clone();
        for (y, row) in across.rows_mut().enumerate() {
            let source = self.row(y);
            for (value, three) in row.iter_mut().skip(1).zip(source.windows(3)) {
                *value = (three[0] + 2 * three[1] + three[2] + 2) >> 2;
            }
        }
        let mut both = across.clone();
        for (y, row) in both.rows_mut().enumerate() {
            if y == 0 || y + 1 == self.height {
                continue;
            }
            let (above, here, below) = (across.row(y - 1), across.row(y), across.row(y + 1));
            let columns = above.iter().zip(here).zip(below);
            for (value, ((a, b), c)) in row.iter_mut().zip(columns) {
                *value = (a + 2 * b + c + 2) >> 2;
            }
        }
        both
    }

    /// How the values rise to the right; nothing at the outermost columns.
    pub(super) fn slope_across(&self) -> Self {
        let mut slope = Self::empty(self.width, self.height);
        for (y, row) in slope.rows_mut().enumerate() {
            for (value, three) in row.iter_mut().skip(1).zip(self.row(y).windows(3)) {
                *value = three[2] - three[0];
            }
        }
        slope
    }

    /// How the values rise downwards; nothing in the outermost rows.
    pub(super) fn slope_down(&self) -> Self {
        let mut slope = Self::empty(self.width, self.height);
        for (y, row) in slope.rows_mut().enumerate() {
            if y == 0 || y + 1 == self.height {
                continue;
            }
            let columns = self.row(y + 1).iter().zip(self.row(y - 1));
            for (value, (below, above)) in row.iter_mut().zip(columns) {
                *value = below - above;
            }
        }
        slope
    }

    /// The value at a place between four pixels; `None` out of view.
    pub(super) fn between(&self, (x, y): (f32, f32)) -> Option<i16> {
        let (right, bottom) = (self.width - 1, self.height - 1);
        if x < 0.0 || y < 0.0 || x >= right as f32 || y >= bottom as f32 {
            return None;
        }
        let (left, top) = (x as usize, y as usize);
        let (across, down) = (x - left as f32, y - top as f32);
        let corner = top * self.width + left;
        let mixed = |at: usize| {
            let (a, b) = (f32::from(self.values[at]), f32::from(self.values[at + 1]));
            a + (b - a) * across
        };
        let (upper, lower) = (mixed(corner), mixed(corner + self.width));
        Some((upper + (lower - upper) * down).round() as i16)
    }

    fn part_of_row(&self, part: Part, y: usize) -> &[i16] {
        let begin = (part.top + y) * self.width + part.left;
        &self.values[begin..begin + part.width]
    }

    /// The sum of squares of a part, which lies within the plane.
    pub(super) fn power(&self, part: Part) -> i32 {
        (0..part.height)
            .flat_map(|y| self.part_of_row(part, y))
            .map(|value| i32::from(*value).pow(2))
            .sum()
    }
}

/// Sums over `part` of `now` and the part of `before` of the same size at `left`, `top`; both lie
/// within their planes.
pub(super) fn sums(now: &Plane, part: Part, before: &Plane, (left, top): (usize, usize)) -> Sums {
    let other = Part { left, top, ..part };
    let mut sums = Sums::default();
    for y in 0..part.height {
        let rows = now.part_of_row(part, y).iter();
        for (now, before) in rows.zip(before.part_of_row(other, y)) {
            let (now, before) = (i32::from(*now), i32::from(*before));
            sums.product += now * before;
            sums.now += now * now;
            sums.before += before * before;
        }
    }
    sums
}

/// The sum of products alone, else as [`sums`].
pub(super) fn product(now: &Plane, part: Part, before: &Plane, (left, top): (usize, usize)) -> i32 {
    let other = Part { left, top, ..part };
    let row = |y: usize| {
        let pixels = now
            .part_of_row(part, y)
            .iter()
            .zip(before.part_of_row(other, y));
        pixels
            .map(|(now, before)| i32::from(*now) * i32::from(*before))
            .sum::<i32>()
    };
    (0..part.height).map(row).sum()
}

impl Sums {
    /// How alike both parts are but for their strength: 1 the same, 0 unrelated, −1 the negative.
    /// Flat parts are unrelated.
    pub(super) fn agreement(self) -> f32 {
        self.product as f32 / (self.now as f32 * self.before as f32).sqrt().max(1.0)
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self {
            product: self.product + other.product,
            now: self.now + other.now,
            before: self.before + other.before,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plane(width: usize, values: &[i16]) -> Plane {
        Plane {
            width,
            height: values.len() / width,
            values: values.to_vec(),
        }
    }

    #[test]
    fn half_a_plane_holds_the_means_of_four() {
        let half = plane(5, &[1, 3, 0, 0, 9, 5, 7, 4, 4, 9]).halved();
        assert_eq!(half, plane(2, &[4, 2]));
    }

    #[test]
    fn slopes_rise_to_the_right_and_downwards() {
        let hill = plane(3, &[1, 2, 4, 1, 3, 9, 1, 7, 8]);
        assert_eq!(hill.slope_across().values, [0, 3, 0, 0, 8, 0, 0, 7, 0]);
        assert_eq!(hill.slope_down().values, [0, 0, 0, 0, 5, 4, 0, 0, 0]);
    }

    #[test]
    fn an_even_plane_stays_as_it_is_when_smoothed() {
        let even = plane(4, &[-7; 16]);
        assert_eq!(even.smoothed(), even);
    }

    #[test]
    fn agreement_does_not_mind_how_strong_the_contrast_is() {
        let whole = Part {
            left: 0,
            top: 0,
            width: 3,
            height: 1,
        };
        let of = |a: &[i16], b: &[i16]| sums(&plane(3, a), whole, &plane(3, b), (0, 0)).agreement();
        assert!((of(&[1, -2, 3], &[10, -20, 30]) - 1.0).abs() < 1e-6);
        assert!((of(&[1, -2, 3], &[-1, 2, -3]) + 1.0).abs() < 1e-6);
        assert!(of(&[1, -2, 3], &[0, 0, 0]).abs() < 1e-6);
    }
}
