//! Lines drawn anew: straight and of one height.

use super::blobs::Blobs;
use super::flatten::transposed;
use super::line::Line;
use crate::luma::Luma;

/// The height of small letters in pixels: what the reader likes best.
const X_HEIGHT: f32 = 16.0;
/// Rows above the baseline and below it: room for capitals and exponents, for descenders.
const ROWS_ABOVE: usize = 36;
const ROWS_BELOW: usize = 13;
const ROWS: usize = ROWS_ABOVE + ROWS_BELOW;
/// No line of a page is longer, even when its letters are tiny, and no page has more lines.
const LONGEST: usize = 4000;
const MOST_LINES: usize = 250;
const WHITE: u8 = 255;
/// Darker than this a flattened photo shows no blank paper.
const PAPER: u8 = 180;

/// What lines are drawn from.
pub(super) struct Source<'a> {
    /// The flattened photo.
    pub(super) photo: &'a Luma,
    /// Pixels of the photo for one pixel in which lines were found.
    pub(super) factor: f32,
    pub(super) blobs: &'a Blobs,
    /// For each blob the line it belongs to.
    pub(super) owners: &'a [Option<usize>],
    /// By what share letters grow for each pixel to the right.
    pub(super) growth: f32,
}

/// Each line straight and of one height, in their order; those that are not on paper are left out.
pub(super) fn strips(source: &Source<'_>, lines: &[Line]) -> Vec<Luma> {
    let drawn = lines
        .iter()
        .enumerate()
        .filter_map(|(index, line)| strip(source, line, index));
    drawn.filter(is_on_paper).take(MOST_LINES).collect()
}

/// Walks along the baseline and looks straight up and down from it.
fn strip(source: &Source<'_>, line: &Line, index: usize) -> Option<Luma> {
    let mut columns = Vec::new();
    let mut length = 0;
    let end = line.right + line.x_height * 0.5;
    let mut x = line.left - line.x_height * 0.5;
    while x < end && length < LONGEST {
        let grown = (source.growth * (x - line.x())).clamp(-0.5, 0.5).exp();
        let step = line.x_height * grown / X_HEIGHT;
        let slope = line.base.slope(x.clamp(line.left, line.right));
        let (across, down) = (1.0 / slope.hypot(1.0), slope / slope.hypot(1.0));
        let foot = line.base.y(x);
        let mut off = -row_offset(ROWS_ABOVE) * step;
        for _ in 0..ROWS {
            columns.push(source.pixel((x - down * off, foot + across * off), index));
            off += step;
        }
        length += 1;
        x += step * across;
    }
    Luma::new(columns, ROWS, length).map(|columns| transposed(&columns))
}

/// Most of a line of print is paper; most of the edge of a book is not.
fn is_on_paper(strip: &Luma) -> bool {
    let paper = strip.pixels.iter().filter(|pixel| **pixel >= PAPER).count();
    2 * paper > strip.pixels.len()
}

fn row_offset(rows: usize) -> f32 {
    f32::from(u16::try_from(rows).unwrap_or(u16::MAX))
}

impl Source<'_> {
    /// The photo at a point, white where another line's letter stands.
    fn pixel(&self, (x, y): (f32, f32), line: usize) -> u8 {
        let owner = self.blobs.at(x, y).and_then(|blob| self.owners[blob]);
        if owner.is_some_and(|owner| owner != line) {
            return WHITE;
        }
        interpolated(self.photo, x * self.factor, y * self.factor)
    }
}

/// Brightness between four pixels; white outside.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "points inside of a picture of at most 4096 pixels a side"
)]
fn interpolated(photo: &Luma, x: f32, y: f32) -> u8 {
    let (x, y) = (x - 0.5, y - 0.5);
    let inside =
        x >= 0.0 && y >= 0.0 && x < (photo.width - 1) as f32 && y < (photo.height - 1) as f32;
    if !inside {
        return WHITE;
    }
    let (left, top) = (x as usize, y as usize);
    let (right_part, lower_part) = (x - left as f32, y - top as f32);
    let at = top * photo.width + left;
    let pixel = |at: usize| f32::from(photo.pixels[at]);
    let mix = |a: f32, b: f32, part: f32| a + (b - a) * part;
    let upper = mix(pixel(at), pixel(at + 1), right_part);
    let lower = mix(
        pixel(at + photo.width),
        pixel(at + photo.width + 1),
        right_part,
    );
    mix(upper, lower, lower_part).round() as u8
}
