//! The next page at the edge of the photo.

use super::line::Line;

/// Text is cut off by the photo's edge when it comes this near to it, in heights of its letters.
const AT_THE_EDGE: f32 = 1.5;
/// A column of cut-off lines is dropped when most of the text is further inside and wider.
const NARROW: f32 = 0.5;
/// Lines of one column begin or end within this many heights of a cut-off line.
const LEAST_CUT: usize = 3;

/// The lines without those that the photo's edge cuts off: the strip of the next page that is in
/// view as well. A page that is cut off as a whole is kept.
pub(super) fn without_next_page(lines: Vec<Line>, picture_width: f32) -> Vec<Line> {
    let widest = lines.iter().map(Line::width).fold(0.0, f32::max);
    let left = next_page(&lines, widest, |line| line.left);
    let right = next_page(&lines, widest, |line| picture_width - line.right);
    let outside = |line: &Line| {
        left.is_some_and(|end| line.right <= end)
            || right.is_some_and(|end| picture_width - line.left <= end)
    };
    lines.into_iter().filter(|line| !outside(line)).collect()
}

/// How far the next page reaches into the photo from one side, if it is in view there. `distance`
/// is that of a line's end to that side.
fn next_page(lines: &[Line], widest: f32, distance: impl Fn(&Line) -> f32) -> Option<f32> {
    let cut: Vec<&Line> = lines
        .iter()
        .filter(|line| distance(line) < AT_THE_EDGE * line.x_height)
        .collect();
    let reach = cut
        .iter()
        .map(|line| distance(line) + line.width())
        .fold(0.0, f32::max);
    (cut.len() >= LEAST_CUT && reach < NARROW * widest.max(1.0)).then_some(reach * 1.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::line::tests::line;

    fn rows(left: f32, right: f32) -> Vec<Line> {
        [100.0, 130.0, 160.0, 190.0]
            .map(|y| line(left, right, y))
            .to_vec()
    }

    #[test]
    fn the_cut_off_strip_of_the_next_page_is_left_out() {
        let page = rows(200.0, 900.0);
        let kept = without_next_page([rows(2.0, 120.0), page.clone()].concat(), 1000.0);
        assert_eq!(kept.len(), page.len());
        assert!(kept.iter().all(|line| line.left > 150.0));
    }

    #[test]
    fn a_page_that_fills_the_photo_is_kept() {
        assert_eq!(without_next_page(rows(3.0, 995.0), 1000.0).len(), 4);
    }
}
