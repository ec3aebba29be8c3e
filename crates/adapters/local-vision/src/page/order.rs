//! Reading order.

use super::line::Line;

/// The lines from first to last: of two that share some width the upper one is first; of two side
/// by side the left one, unless a line between them spans both, which parts what is above from
/// what is below. (Breuel's rules for the layout of pages.)
pub(super) fn in_reading_order(mut lines: Vec<Line>) -> Vec<Line> {
    lines.sort_by(|a, b| a.y().total_cmp(&b.y()));
    let mut waits: Vec<usize> = vec![0; lines.len()];
    let mut followers: Vec<Vec<usize>> = vec![Vec::new(); lines.len()];
    for a in 0..lines.len() {
        for b in (0..lines.len()).filter(|b| *b != a) {
            if is_before(&lines, &lines[a], &lines[b]) {
                followers[a].push(b);
                waits[b] += 1;
            }
        }
    }
    let order = sorted(&followers, waits);
    let mut places: Vec<Option<Line>> = lines.into_iter().map(Some).collect();
    order
        .into_iter()
        .filter_map(|at| places[at].take())
        .collect()
}

/// Always the first line whose predecessors are all read; where the rules run in a circle, the
/// uppermost.
fn sorted(followers: &[Vec<usize>], mut waits: Vec<usize>) -> Vec<usize> {
    let mut left: Vec<usize> = (0..waits.len()).collect();
    let mut order = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let free = left.iter().position(|line| waits[*line] == 0).unwrap_or(0);
        let line = left.remove(free);
        for follower in &followers[line] {
            waits[*follower] = waits[*follower].saturating_sub(1);
        }
        order.push(line);
    }
    order
}

fn is_before(lines: &[Line], a: &Line, b: &Line) -> bool {
    if share_width(a, b) {
        return is_above(a, b);
    }
    let spans = |c: &Line| share_width(a, c) && share_width(b, c);
    a.right <= b.left + overlap_allowed(a, b)
        && !lines.iter().any(|c| {
            spans(c) && (is_above(a, c) && is_above(c, b) || is_above(b, c) && is_above(c, a))
        })
}

/// Lines lean, so they are compared where both are, or where they come nearest.
fn is_above(a: &Line, b: &Line) -> bool {
    let x = f32::midpoint(a.left.max(b.left), a.right.min(b.right));
    a.base.y(x.clamp(a.left, a.right)) < b.base.y(x.clamp(b.left, b.right))
}

fn overlap_allowed(a: &Line, b: &Line) -> f32 {
    a.x_height.min(b.x_height)
}

fn share_width(a: &Line, b: &Line) -> bool {
    a.right.min(b.right) - a.left.max(b.left) > overlap_allowed(a, b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::line::tests::line;

    /// Lines as name, left, right and height on the page, in the order they are read.
    fn read(lines: &[(u8, f32, f32, f32)]) -> Vec<u8> {
        let made = lines.iter().map(|(name, left, right, y)| Line {
            blobs: vec![usize::from(*name)],
            ..line(*left, *right, *y)
        });
        let ordered = in_reading_order(made.collect());
        ordered
            .iter()
            .map(|line| u8::try_from(line.blobs[0]).unwrap())
            .collect()
    }

    #[test]
    fn columns_are_read_one_after_the_other() {
        let left = [
            (1, 0.0, 400.0, 100.0),
            (2, 0.0, 400.0, 140.0),
            (3, 0.0, 200.0, 180.0),
        ];
        let right = [(4, 450.0, 850.0, 102.0), (5, 450.0, 850.0, 142.0)];
        assert_eq!(read(&[right, [left[0], left[2]]].concat()), [1, 3, 4, 5]);
        assert_eq!(read(&[&right[..], &left[..]].concat()), [1, 2, 3, 4, 5]);
    }

    #[test]
    fn a_line_across_both_columns_parts_them() {
        let lines = [
            (1, 0.0, 400.0, 100.0),
            (2, 450.0, 850.0, 100.0),
            (3, 0.0, 850.0, 140.0),
            (4, 0.0, 400.0, 180.0),
            (5, 450.0, 850.0, 180.0),
        ];
        assert_eq!(read(&lines), [1, 2, 3, 4, 5]);
    }
}
