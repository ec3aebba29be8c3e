//! Wood, cloth and paper grain also look like short lines.

use super::blobs::Blob;
use super::curve::quantile;
use super::line::Line;

/// Grain is all over the place: so many blobs for each letter's width of a line that are no part
/// of it show that it is none. Print has accents, dots and the strokes of its neighbours.
const GRAIN: f32 = 0.5;
/// Specks smaller than this share of a small letter's height do not count as grain.
const SPECK: f32 = 0.3;
/// A line that is surely one: letters, width in heights, and how little its letters stray.
const SURE_LETTERS: usize = 8;
const SURE_WIDTH: f32 = 10.0;
const SURE_STRAYING: f32 = 0.12;
/// Other lines are believed near sure ones: so many heights beside and above or below.
const BESIDE: f32 = 6.0;
const APART: f32 = 14.0;
/// Letters of other lines are this much smaller or larger than those of sure ones.
const SMALLEST: f32 = 0.55;
const LARGEST: f32 = 2.6;

/// The lines that are text: those that surely are, and others of like size close to them. Where
/// none is sure, as in handwriting, all that are not grain.
pub(super) fn without_noise(blobs: &[Blob], lines: Vec<Line>) -> Vec<Line> {
    let mut lines: Vec<Line> = lines
        .into_iter()
        .filter(|line| grain(blobs, line) < GRAIN)
        .collect();
    let sure: Vec<Line> = lines.iter().filter(|line| is_sure(line)).cloned().collect();
    if !sure.is_empty() {
        let height = usual_height(&sure);
        lines.retain(|line| is_sure_of(line, height) || is_supported(line, &sure, height));
    }
    lines
}

fn is_sure(line: &Line) -> bool {
    line.blobs.len() >= SURE_LETTERS
        && line.width() >= SURE_WIDTH * line.x_height
        && line.straying < SURE_STRAYING
}

fn is_sure_of(line: &Line, height: f32) -> bool {
    is_sure(line) && has_size(line, height)
}

fn has_size(line: &Line, height: f32) -> bool {
    (SMALLEST * height..=LARGEST * height).contains(&line.x_height)
}

fn is_supported(line: &Line, sure: &[Line], height: f32) -> bool {
    has_size(line, height)
        && sure.iter().any(|near| {
            let x = line.x();
            let apart = (near.base.y(x.clamp(near.left, near.right)) - line.y()).abs();
            apart < APART * height
                && near.left - BESIDE * height < line.left
                && line.right < near.right + BESIDE * height
        })
}

/// The height of small letters in the middle of all sure text: wide lines count more.
fn usual_height(sure: &[Line]) -> f32 {
    let letters = sure
        .iter()
        .flat_map(|line| std::iter::repeat_n(line.x_height, line.blobs.len()));
    quantile(letters, 50)
}

/// Blobs in the band of the line that are no part of it, for each letter's width.
fn grain(blobs: &[Blob], line: &Line) -> f32 {
    let in_band = |blob: &&Blob| {
        let x = blob.x();
        let above = (line.base.y(x) - blob.y()) / line.x_height;
        line.left < x
            && x < line.right
            && (-0.9..=2.3).contains(&above)
            && blob.height() > SPECK * line.x_height
    };
    let all = u16::try_from(blobs.iter().filter(in_band).count()).unwrap_or(u16::MAX);
    let own = u16::try_from(line.blobs.len()).unwrap_or(u16::MAX);
    f32::from(all.saturating_sub(own)) * line.x_height / line.width()
}
