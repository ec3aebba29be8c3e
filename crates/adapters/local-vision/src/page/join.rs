//! Pieces of one line, parted by a wide space or by something that lies on it.

use super::blobs::Blob;
use super::line::{Line, merged};

/// The widest part that is bridged, in heights of small letters.
const WIDEST: f32 = 14.0;
/// A space up to this wide is one between words, whatever is above and below.
const WORD_SPACE: f32 = 2.0;
/// Pieces may overlap by so much: a quotation mark over a comma.
const DEEPEST: f32 = 2.0;
/// Baselines of one line meet within this share of the height.
const MEETING: f32 = 0.35;
/// Letters of one line differ in height by less than this factor.
const SIZE: f32 = 1.4;
/// Lines this many heights above or below show whether columns are parted there.
const NEARBY: f32 = 7.0;

/// The lines with their pieces put together: each piece with the nearest one that goes on where it
/// ends.
pub(super) fn joined(blobs: &[Blob], pieces: &[Line]) -> Vec<Line> {
    let next = next_of_each(pieces);
    let mut has_left = vec![false; pieces.len()];
    for to in next.iter().flatten() {
        has_left[*to] = true;
    }
    let starts = (0..pieces.len()).filter(|start| !has_left[*start]);
    starts
        .map(|start| {
            let chain = std::iter::successors(Some(start), |piece| next[*piece]);
            let parts: Vec<&Line> = chain.map(|piece| &pieces[piece]).collect();
            match parts[..] {
                [whole] => whole.clone(),
                _ => merged(blobs, &parts),
            }
        })
        .collect()
}

/// For each piece the one to its right, nearest pairs first, so that no piece is in two lines.
fn next_of_each(pieces: &[Line]) -> Vec<Option<usize>> {
    let mut pairs: Vec<(usize, usize)> = (0..pieces.len())
        .flat_map(|left| (0..pieces.len()).map(move |right| (left, right)))
        .filter(|(left, right)| pieces[*left].x() < pieces[*right].x())
        .filter(|(left, right)| is_one_line(pieces, &pieces[*left], &pieces[*right]))
        .collect();
    let gap = |(left, right): &(usize, usize)| pieces[*right].left - pieces[*left].right;
    pairs.sort_by(|a, b| gap(a).total_cmp(&gap(b)));
    let mut next = vec![None; pieces.len()];
    let mut has_left = vec![false; pieces.len()];
    for (left, right) in pairs {
        if next[left].is_none() && !has_left[right] {
            next[left] = Some(right);
            has_left[right] = true;
        }
    }
    next
}

fn is_one_line(pieces: &[Line], left: &Line, right: &Line) -> bool {
    let height = left.x_height.min(right.x_height);
    let gap = right.left - left.right;
    let size = left.x_height.max(right.x_height) / height;
    if gap > WIDEST * height || gap < -DEEPEST * height || size > SIZE {
        return false;
    }
    let middle = f32::midpoint(left.right, right.left);
    let level =
        |line: &Line, edge: f32| line.base.y(edge) + line.base.slope(edge) * (middle - edge);
    let step = (level(left, left.right) - level(right, right.left)).abs();
    step < MEETING * height
        && (gap < WORD_SPACE * height || is_crossed(pieces, middle, left, height))
}

/// Text above or below runs across `x`: no columns are parted there.
fn is_crossed(pieces: &[Line], x: f32, line: &Line, height: f32) -> bool {
    let y = line.base.y(line.right);
    pieces.iter().any(|other| {
        let inside = other.left + 2.0 * height < x && x < other.right - 2.0 * height;
        let distance = (other.base.y(x) - y).abs();
        inside && distance > 0.5 * height && distance < NEARBY * height
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::line::tests::{letters, line};

    /// How many lines are left of two pieces with this gap, below other lines.
    fn joined_under(others: &[Line], gap: f32) -> usize {
        let blobs = letters(2, 0.0);
        let piece = |blob: usize, left: f32, right: f32| Line {
            blobs: vec![blob],
            ..line(left, right, 200.0)
        };
        let pieces = [piece(0, 100.0, 300.0), piece(1, 300.0 + gap, 600.0)];
        joined(&blobs, &[&pieces[..], others].concat()).len() - others.len()
    }

    #[test]
    fn a_word_space_is_bridged_and_a_gap_between_columns_is_not() {
        assert_eq!(joined_under(&[], 15.0), 1);
        assert_eq!(joined_under(&[], 60.0), 2);
    }

    #[test]
    fn a_gap_that_lines_above_run_across_is_bridged() {
        assert_eq!(joined_under(&[line(100.0, 600.0, 160.0)], 60.0), 1);
    }
}
