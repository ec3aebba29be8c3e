//! Lines of text on a flattened photo.

use super::blobs::{Blob, Blobs};
use super::chain::chains;
use super::gather::gathered;
use super::ink::ink;
use super::join::joined;
use super::lean::lean;
use super::line::{Line, lines};
use super::margin::without_next_page;
use super::noise::without_noise;
use super::order::in_reading_order;
use super::shrink::{factor, shrunk};
use super::strip::{Source, strips};
use crate::luma::Luma;

/// How far above its baseline and below it a line owns what is not part of any line, in heights of
/// small letters.
const OWN_ABOVE: f32 = 2.3;
const OWN_BELOW: f32 = 0.9;
/// Letters are surrounded by so many pixels of half-tone.
const HALO: usize = 3;

/// What was found on a photo.
pub(super) struct Found {
    pub(super) blobs: Blobs,
    /// In reading order.
    pub(super) lines: Vec<Line>,
    factor: usize,
}

/// The blobs of a flattened photo.
pub(super) fn blobs(flat: &Luma) -> Blobs {
    Blobs::of(&ink(&shrunk(flat, factor(flat))))
}

/// The lines that these blobs of a flattened photo make.
pub(super) fn found(flat: &Luma, blobs: Blobs) -> Found {
    let all = &blobs.all;
    let (slope, _) = lean(all);
    let lines = without_noise(all, lines(all, chains(all, slope), slope));
    let lines = without_next_page(lines, blobs.picture_width());
    let lines = in_reading_order(joined(all, &gathered(all, lines)));
    Found {
        lines,
        factor: factor(flat),
        blobs,
    }
}

impl Found {
    /// How many letters its lines have.
    pub(super) fn letters(&self) -> usize {
        self.lines.iter().map(|line| line.blobs.len()).sum()
    }

    /// The lines, drawn from the flattened photo they were found on.
    pub(super) fn drawn(self, flat: &Luma) -> Vec<Luma> {
        let source = Source {
            photo: flat,
            factor: f32::from(u16::try_from(self.factor).unwrap_or(1)),
            owners: &owners(&self.blobs.all, &self.lines),
            growth: growth(&self.blobs.all, &self.lines),
            blobs: &self.blobs.grown(HALO),
        };
        strips(&source, &self.lines)
    }
}

/// The line of each blob: the one it is part of, or the nearest whose band it lies in.
fn owners(blobs: &[Blob], lines: &[Line]) -> Vec<Option<usize>> {
    let mut owners = vec![None; blobs.len()];
    for (index, line) in lines.iter().enumerate() {
        for blob in &line.blobs {
            owners[*blob] = Some(index);
        }
    }
    for (owner, blob) in owners.iter_mut().zip(blobs) {
        if owner.is_none() {
            *owner = nearest(blob, lines);
        }
    }
    owners
}

fn nearest(blob: &Blob, lines: &[Line]) -> Option<usize> {
    let distances = lines.iter().enumerate().filter_map(|(index, line)| {
        let beside = 2.0 * line.x_height;
        let x = blob.x();
        if x < line.left - beside || x > line.right + beside {
            return None;
        }
        let above = (line.base.y(x.clamp(line.left, line.right)) - blob.y()) / line.x_height;
        (-OWN_BELOW..=OWN_ABOVE)
            .contains(&above)
            .then_some((index, (above - 0.5).abs()))
    });
    let (index, _) = distances.min_by(|a, b| a.1.total_cmp(&b.1))?;
    Some(index)
}

/// By what share letters grow for each pixel to the right, over all long lines together.
fn growth(blobs: &[Blob], lines: &[Line]) -> f32 {
    let (mut products, mut squares) = (0.0, 0.0);
    for line in lines.iter().filter(|line| line.blobs.len() >= 12) {
        for blob in line.blobs.iter().map(|index| &blobs[*index]) {
            let ratio = (line.base.y(blob.x()) - blob.top) / line.x_height;
            if (0.7..=1.3).contains(&ratio) {
                let away = blob.x() - line.x();
                products += away * ratio.ln();
                squares += away * away;
            }
        }
    }
    if squares > 0.0 {
        products / squares
    } else {
        0.0
    }
}
