//! A line of text, or a piece of one.

use super::blobs::Blob;
use super::curve::{Curve, median, quantile};

/// Letters that a line has at least, or a word that is this many times as wide as high.
const LEAST_LETTERS: usize = 3;
const WIDEST_WORD: f32 = 2.2;
/// With fewer letters, or shorter than this many heights, a piece leans as lines around it do.
const LETTERS_OF_A_SLOPE: usize = 8;
const HEIGHTS_OF_A_SLOPE: f32 = 12.0;
/// A page has some hundred; of a picture that seems to have more the widest are kept.
const MOST_PIECES: usize = 2000;
/// Letters stray from the baseline of a real line by less than this share of their height.
const STRAYING: f32 = 0.22;

/// A piece of a line with its baseline.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// Indices of its blobs from left to right.
    pub(super) blobs: Vec<usize>,
    pub(super) left: f32,
    pub(super) right: f32,
    /// Where letters stand.
    pub(super) base: Curve,
    /// The height of small letters without strokes, such as x, in the middle of the line.
    pub(super) x_height: f32,
    /// How far letters stray from the baseline, in shares of their height.
    pub(super) straying: f32,
}

impl Line {
    /// The middle between left and right.
    pub(super) fn x(&self) -> f32 {
        f32::midpoint(self.left, self.right)
    }

    pub(super) fn width(&self) -> f32 {
        self.right - self.left
    }

    /// Where letters stand in the middle of the line.
    pub(super) fn y(&self) -> f32 {
        self.base.y(self.x())
    }

    fn decides_its_slope(&self) -> bool {
        self.blobs.len() >= LETTERS_OF_A_SLOPE && self.width() >= HEIGHTS_OF_A_SLOPE * self.x_height
    }
}

/// The chains that are lines. Long ones bend as their letters say; short ones lean as the nearest
/// long one does there, or by `slope` where there is none.
pub(super) fn lines(blobs: &[Blob], chains: Vec<Vec<usize>>, slope: f32) -> Vec<Line> {
    let pieces = chains.into_iter().filter(|chain| is_text(blobs, chain));
    let mut lines: Vec<Line> = pieces.map(|chain| fitted(blobs, chain, slope)).collect();
    lines.sort_by(|a, b| b.width().total_cmp(&a.width()));
    lines.truncate(MOST_PIECES);
    let long: Vec<Line> = lines
        .iter()
        .filter(|line| line.decides_its_slope() && line.straying < STRAYING)
        .cloned()
        .collect();
    for line in lines.iter_mut().filter(|line| !line.decides_its_slope()) {
        let nearest = long.iter().min_by(|a, b| {
            let distance = |other: &Line| {
                let x = line.x().clamp(other.left, other.right);
                (other.base.y(x) - line.y()).abs() + (x - line.x()).abs()
            };
            distance(a).total_cmp(&distance(b))
        });
        let slope = nearest.map_or(slope, |near| {
            near.base.slope(line.x().clamp(near.left, near.right))
        });
        *line = leaning(blobs, std::mem::take(&mut line.blobs), slope);
    }
    lines.retain(|line| line.straying < STRAYING);
    lines
}

/// One line out of several pieces.
pub(super) fn merged(blobs: &[Blob], pieces: &[&Line]) -> Line {
    let mut chain: Vec<usize> = pieces
        .iter()
        .flat_map(|piece| piece.blobs.clone())
        .collect();
    chain.sort_by(|a, b| blobs[*a].left.total_cmp(&blobs[*b].left));
    let longest = pieces.iter().max_by(|a, b| a.width().total_cmp(&b.width()));
    let slope = longest.map_or(0.0, |line| line.base.slope(line.x()));
    fitted(blobs, chain, slope)
}

fn is_text(blobs: &[Blob], chain: &[usize]) -> bool {
    let height = median(chain.iter().map(|index| blobs[*index].height()));
    let (first, last) = (&blobs[chain[0]], &blobs[chain[chain.len() - 1]]);
    chain.len() >= LEAST_LETTERS || last.right - first.left >= WIDEST_WORD * height
}

fn fitted(blobs: &[Blob], chain: Vec<usize>, slope: f32) -> Line {
    let height = median(chain.iter().map(|index| blobs[*index].height()));
    let feet = feet(blobs, &chain, height);
    let width = feet[feet.len() - 1].0 - feet[0].0;
    let bends: usize = match width / height {
        ..8.0 => 1,
        ..20.0 => 2,
        ..40.0 => 3,
        _ => 4,
    };
    let most = bends.min(feet.len().div_ceil(4));
    let curves = (1..=most).map(|degree| Curve::through(&feet, degree, slope, 0.1 * height));
    let base = simplest(curves.collect(), &feet, height);
    measured(blobs, chain, base)
}

/// The curve with the fewest bends that lies about as near to the letters as the best one.
fn simplest(curves: Vec<Curve>, feet: &[(f32, f32)], height: f32) -> Curve {
    let off = |curve: &Curve| median(feet.iter().map(|(x, y)| (y - curve.y(*x)).abs()));
    let least = curves.iter().map(off).fold(f32::MAX, f32::min);
    let enough = least * 1.2 + 0.01 * height;
    let first = curves.iter().position(|curve| off(curve) <= enough);
    curves
        .into_iter()
        .nth(first.unwrap_or(0))
        .unwrap_or_else(|| Curve::straight(feet[0], 0.0))
}

fn leaning(blobs: &[Blob], chain: Vec<usize>, slope: f32) -> Line {
    let height = median(chain.iter().map(|index| blobs[*index].height()));
    let feet = feet(blobs, &chain, height);
    let level = median(feet.iter().map(|(x, y)| y - slope * (x - feet[0].0)));
    let base = Curve::straight((feet[0].0, level), slope);
    measured(blobs, chain, base)
}

/// Where the letters of usual height stand; those of all, when none is usual.
fn feet(blobs: &[Blob], chain: &[usize], height: f32) -> Vec<(f32, f32)> {
    let foot = |index: &usize| (blobs[*index].x(), blobs[*index].bottom);
    let usual = |index: &&usize| (0.5..=2.0).contains(&(blobs[**index].height() / height));
    let feet: Vec<_> = chain.iter().filter(usual).map(foot).collect();
    if feet.is_empty() {
        chain.iter().map(foot).collect()
    } else {
        feet
    }
}

fn measured(blobs: &[Blob], chain: Vec<usize>, base: Curve) -> Line {
    let letters = || chain.iter().map(|index| &blobs[*index]);
    let height = median(letters().map(Blob::height)).max(1.0);
    let off = |blob: &Blob| (blob.bottom - base.y(blob.x())).abs() / height;
    let standing = letters().filter(|blob| off(blob) < 0.2 && blob.height() > 0.4 * height);
    let heights = standing.map(|blob| base.y(blob.x()) - blob.top);
    let x_height = quantile(heights, 35);
    let straying = median(letters().map(off));
    Line {
        left: blobs[chain[0]].left,
        right: letters().map(|blob| blob.right).fold(0.0, f32::max),
        x_height: if x_height > 2.0 {
            x_height
        } else {
            height * 0.7
        },
        straying,
        base,
        blobs: chain,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A level line with letters of 10 pixels.
    pub(crate) fn line(left: f32, right: f32, y: f32) -> Line {
        Line {
            blobs: Vec::new(),
            left,
            right,
            base: Curve::straight((left, y), 0.0),
            x_height: 10.0,
            straying: 0.0,
        }
    }

    /// Letters of 10 pixels, every fifth with an ascender and every seventh with a descender, along
    /// a slope.
    pub(crate) fn letters(count: u16, slope: f32) -> Vec<Blob> {
        let letter = |i: u16| {
            let left = 20.0 + f32::from(i) * 12.0;
            let foot = 200.0 + slope * left;
            Blob {
                left,
                right: left + 9.0,
                top: foot - if i.is_multiple_of(5) { 15.0 } else { 10.0 },
                bottom: foot + if i.is_multiple_of(7) { 4.0 } else { 0.0 },
                area: 50.0,
            }
        };
        (0..count).map(letter).collect()
    }

    #[test]
    fn the_baseline_runs_under_the_letters_without_descenders() {
        for slope in [-0.2, 0.0, 0.15] {
            let blobs = letters(40, slope);
            let found = lines(&blobs, vec![(0..40).collect()], slope);
            let line = &found[0];
            assert!(
                (line.base.y(line.x()) - 200.0 - slope * line.x()).abs() < 1.5,
                "{slope}"
            );
            assert!(
                (line.x_height - 10.0).abs() < 1.5,
                "{slope}: {}",
                line.x_height
            );
        }
    }
}
