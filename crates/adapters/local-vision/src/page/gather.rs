//! Letters beside a line that were too few to be a piece of their own.

use super::blobs::Blob;
use super::line::Line;

/// The widest space to such a letter, in heights of small letters.
const WIDEST: f32 = 3.0;
/// Its height, in heights of small letters.
const HEIGHTS: std::ops::RangeInclusive<f32> = 0.4..=2.3;
/// Its middle above the baseline, in heights of small letters.
const MIDDLES: std::ops::RangeInclusive<f32> = -0.2..=1.3;

/// The lines, made longer by the letters that stand alone before and behind them.
pub(super) fn gathered(blobs: &[Blob], mut lines: Vec<Line>) -> Vec<Line> {
    let mut taken = vec![false; blobs.len()];
    for blob in lines.iter().flat_map(|line| &line.blobs) {
        taken[*blob] = true;
    }
    let mut order: Vec<usize> = (0..blobs.len()).filter(|index| !taken[*index]).collect();
    order.sort_by(|a, b| blobs[*a].left.total_cmp(&blobs[*b].left));
    for line in &mut lines {
        for &index in &order {
            if !taken[index] && follows(&blobs[index], line) {
                taken[index] = true;
                line.right = line.right.max(blobs[index].right);
                line.blobs.push(index);
            }
        }
        for &index in order.iter().rev() {
            if !taken[index] && precedes(&blobs[index], line) {
                taken[index] = true;
                line.left = line.left.min(blobs[index].left);
                line.blobs.insert(0, index);
            }
        }
    }
    lines
}

fn follows(blob: &Blob, line: &Line) -> bool {
    let gap = blob.left - line.right;
    blob.x() > line.right && gap < WIDEST * line.x_height && is_letter_of(blob, line)
}

fn precedes(blob: &Blob, line: &Line) -> bool {
    let gap = line.left - blob.right;
    blob.x() < line.left && gap < WIDEST * line.x_height && is_letter_of(blob, line)
}

fn is_letter_of(blob: &Blob, line: &Line) -> bool {
    let above = (line.base.y(blob.x()) - blob.y()) / line.x_height;
    MIDDLES.contains(&above)
        && HEIGHTS.contains(&(blob.height() / line.x_height))
        && blob.width() < 4.0 * line.x_height
        && blob.area > 0.15 * blob.width() * blob.height()
}
