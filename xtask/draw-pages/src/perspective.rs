//! Where a point of the photo lies on the sheet.

/// The plane map that takes four corners of a quadrangle to those of the unit square.
pub(crate) struct Perspective([f32; 9]);

/// A point of the photo, in pixels.
pub(crate) type Point = (f32, f32);

impl Perspective {
    /// From the corners in the photo: upper left, upper right, lower right, lower left.
    ///
    /// The map of the square to a quadrangle has a closed form (Heckbert 1989, section 2.2); the
    /// adjoint of its matrix is the map back, up to a factor that cancels.
    pub(crate) fn from_corners([first, second, third, fourth]: [Point; 4]) -> Self {
        let right = minus(second, third);
        let below = minus(fourth, third);
        let skew = minus(minus(first, second), minus(fourth, third));
        let area = cross(right, below);
        let (g, h) = (cross(skew, below) / area, cross(right, skew) / area);
        let row = |a: f32, b: f32, d: f32| [b - a + g * b, d - a + h * d, a];
        Self(adjoint([
            row(first.0, second.0, fourth.0),
            row(first.1, second.1, fourth.1),
            [g, h, 1.0],
        ]))
    }

    /// 0 to 1 across and down the sheet; outside of that, beside it.
    pub(crate) fn onto_sheet(&self, (x, y): Point) -> Point {
        let row = |i: usize| self.0[i] * x + self.0[i + 1] * y + self.0[i + 2];
        (row(0) / row(6), row(3) / row(6))
    }
}

fn minus(a: Point, b: Point) -> Point {
    (a.0 - b.0, a.1 - b.1)
}

fn cross(a: Point, b: Point) -> f32 {
    a.0 * b.1 - b.0 * a.1
}

/// Element `(row, column)` is the cofactor of `(column, row)`.
fn adjoint(m: [[f32; 3]; 3]) -> [f32; 9] {
    std::array::from_fn(|at| {
        let (row, column) = (at / 3, at % 3);
        let (r1, r2) = ((column + 1) % 3, (column + 2) % 3);
        let (c1, c2) = ((row + 1) % 3, (row + 2) % 3);
        m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_corners_of_the_photo_are_the_corners_of_the_sheet() {
        let corners = [
            (80.0, 60.0),
            (1100.0, 90.0),
            (1150.0, 1560.0),
            (40.0, 1510.0),
        ];
        let map = Perspective::from_corners(corners);
        let square = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)];
        for (corner, (x, y)) in corners.into_iter().zip(square) {
            let (across, down) = map.onto_sheet(corner);
            assert!((across - x).abs() < 1e-3 && (down - y).abs() < 1e-3);
        }
    }
}
