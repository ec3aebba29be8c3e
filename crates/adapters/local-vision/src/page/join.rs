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

/// The lines with their pieces put together.
pub(super) fn joined(blobs: &[Blob], mut lines: Vec<Line>) -> Vec<Line> {
    // Only pieces show what runs across a gap: a line joined by mistake must not speak for another.
    let pieces = lines.clone();
    loop {
        let Some((left, right)) = next_pair(&lines, &pieces) else {
            return lines;
        };
        let whole = merged(blobs, &[&lines[left], &lines[right]]);
        lines.remove(left.max(right));
        lines.remove(left.min(right));
        lines.push(whole);
    }
}

fn next_pair(lines: &[Line], pieces: &[Line]) -> Option<(usize, usize)> {
    let pairs = (0..lines.len()).flat_map(|left| {
        let followers = (0..lines.len()).filter(move |right| *right != left);
        followers.map(move |right| (left, right))
    });
    pairs
        .filter(|(left, right)| is_one_line(pieces, &lines[*left], &lines[*right]))
        .min_by(|a, b| gap(lines, *a).total_cmp(&gap(lines, *b)))
}

fn gap(lines: &[Line], (left, right): (usize, usize)) -> f32 {
    lines[right].left - lines[left].right
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
