//! Blobs side by side.

use super::blobs::Blob;
use super::lean::is_letter_like;

/// The widest gap between neighbours in heights of the taller one: a space between words.
const WIDEST_GAP: f32 = 1.5;
/// Neighbours may overlap by this share of the height: slanted and kerned letters.
const DEEPEST_OVERLAP: f32 = 0.5;
/// Neighbours share at least this part of the lower one's height.
const LEAST_SHARED: f32 = 0.45;
/// The taller neighbour is at most this many times as high.
const HEIGHT_RATIO: f32 = 3.0;

/// Pieces of lines: indices of blobs from left to right, along lines of this `slope`.
pub(super) fn chains(blobs: &[Blob], slope: f32) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..blobs.len())
        .filter(|index| is_letter_like(&blobs[*index]))
        .collect();
    order.sort_by(|a, b| blobs[*a].left.total_cmp(&blobs[*b].left));
    let next = next_of_each(blobs, &order, slope);
    linked(&order, &next)
}

/// For each blob its neighbour to the right, where both prefer each other.
fn next_of_each(blobs: &[Blob], order: &[usize], slope: f32) -> Vec<Option<usize>> {
    let mut next: Vec<Option<usize>> = vec![None; blobs.len()];
    let mut nearest_left: Vec<Option<(usize, f32)>> = vec![None; blobs.len()];
    for (position, &from) in order.iter().enumerate() {
        let reach = blobs[from].right + WIDEST_GAP * blobs[from].height() * HEIGHT_RATIO;
        let candidates = order[position + 1..]
            .iter()
            .take_while(|to| blobs[**to].left <= reach);
        let costs = candidates.filter_map(|&to| Some((to, cost(&blobs[from], &blobs[to], slope)?)));
        let Some((to, cost)) = costs.min_by(|a, b| a.1.total_cmp(&b.1)) else {
            continue;
        };
        next[from] = Some(to);
        if nearest_left[to].is_none_or(|(_, known)| cost < known) {
            nearest_left[to] = Some((from, cost));
        }
    }
    for &from in order {
        let preferred = next[from].and_then(|to| nearest_left[to]);
        if preferred.is_none_or(|(left, _)| left != from) {
            next[from] = None;
        }
    }
    next
}

/// How far two blobs are from being neighbours in a line; `None` when they cannot be.
fn cost(from: &Blob, to: &Blob, slope: f32) -> Option<f32> {
    let (low, high) = {
        let (a, b) = (from.height(), to.height());
        (a.min(b), a.max(b))
    };
    let gap = to.left - from.right;
    let in_reach = gap <= WIDEST_GAP * high
        && gap >= -DEEPEST_OVERLAP * high
        && to.x() > from.x()
        && high <= HEIGHT_RATIO * low;
    if !in_reach {
        return None;
    }
    let rise = slope * (to.x() - from.x());
    let (top, bottom) = (to.top - rise, to.bottom - rise);
    let shared = from.bottom.min(bottom) - from.top.max(top);
    if shared < LEAST_SHARED * low {
        return None;
    }
    let offset = (from.bottom - bottom).abs().min((from.top - top).abs());
    Some(gap.max(0.0) + 2.0 * offset)
}

fn linked(order: &[usize], next: &[Option<usize>]) -> Vec<Vec<usize>> {
    let mut has_left = vec![false; next.len()];
    for to in next.iter().flatten() {
        has_left[*to] = true;
    }
    let starts = order.iter().filter(|index| !has_left[**index]);
    starts
        .map(|start| std::iter::successors(Some(*start), |index| next[*index]).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::lean::lean;
    use crate::page::line::tests::letters;

    #[test]
    fn letters_side_by_side_are_one_piece_however_the_line_leans() {
        for tilt in [-0.3, -0.1, 0.0, 0.2] {
            let blobs = letters(60, tilt);
            let (slope, _) = lean(&blobs);
            assert!((slope - tilt).abs() < 0.05, "{tilt}: {slope}");
            let found = chains(&blobs, slope);
            assert_eq!(found, vec![(0..60).collect::<Vec<_>>()], "{tilt}");
        }
    }
}
