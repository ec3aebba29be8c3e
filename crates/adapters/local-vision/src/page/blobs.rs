//! Connected ink.

use super::ink::Ink;

/// The box around connected ink, in pixels; right and bottom are just outside.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Blob {
    pub(super) left: f32,
    pub(super) top: f32,
    pub(super) right: f32,
    pub(super) bottom: f32,
    /// Pixels of ink.
    pub(super) area: f32,
}

impl Blob {
    pub(super) fn width(&self) -> f32 {
        self.right - self.left
    }

    pub(super) fn height(&self) -> f32 {
        self.bottom - self.top
    }

    /// The middle between left and right.
    pub(super) fn x(&self) -> f32 {
        f32::midpoint(self.left, self.right)
    }

    /// The middle between top and bottom.
    pub(super) fn y(&self) -> f32 {
        f32::midpoint(self.top, self.bottom)
    }
}

/// All blobs and which pixel belongs to which.
#[derive(Debug, Clone)]
pub(super) struct Blobs {
    pub(super) all: Vec<Blob>,
    /// For each pixel the blob's index plus one; 0 is paper.
    labels: Vec<u32>,
    width: usize,
    height: usize,
}

impl Blobs {
    /// Ink that touches, also at corners, is one blob.
    pub(super) fn of(ink: &Ink) -> Self {
        let mut labels = vec![0_u32; ink.flags.len()];
        let mut parents = vec![0_u32];
        for y in 0..ink.height {
            for x in 0..ink.width {
                let at = y * ink.width + x;
                if ink.flags[at] {
                    labels[at] = label(&labels, &mut parents, ink.width, (x, y));
                }
            }
        }
        let all = numbered(&mut labels, &mut parents, ink.width);
        Self {
            all,
            labels,
            width: ink.width,
            height: ink.height,
        }
    }

    /// The blobs with their surroundings: paper within `reach` pixels of ink (to the sides, above
    /// and below) belongs to the same blob, which keeps its box.
    pub(super) fn grown(mut self, reach: usize) -> Self {
        for _ in 0..reach {
            let before = self.labels.clone();
            for y in 0..self.height {
                let row = y * self.width..(y + 1) * self.width;
                for at in row.filter(|at| before[*at] == 0) {
                    let above = at.checked_sub(self.width).map(|above| before[above]);
                    let below = before.get(at + self.width).copied();
                    let left = at.checked_sub(1).map(|left| before[left]);
                    let right = before.get(at + 1).copied();
                    let near = [above, below, left, right].into_iter().flatten();
                    self.labels[at] = near.max().unwrap_or(0);
                }
            }
        }
        self
    }

    /// The index of the blob at a pixel.
    pub(super) fn at(&self, x: f32, y: f32) -> Option<usize> {
        if x < 0.0 || y < 0.0 {
            return None;
        }
        let (x, y) = (whole(x), whole(y));
        if x >= self.width || y >= self.height {
            return None;
        }
        (self.labels[y * self.width + x] as usize).checked_sub(1)
    }

    /// Width of the picture in pixels.
    #[expect(
        clippy::cast_precision_loss,
        reason = "pictures have at most 4096 pixels a side"
    )]
    pub(super) fn picture_width(&self) -> f32 {
        self.width as f32
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the pixel that holds a point that is not negative"
)]
fn whole(coordinate: f32) -> usize {
    coordinate as usize
}

/// The label for an ink pixel: that of its neighbours above and to the left, which become one.
fn label(labels: &[u32], parents: &mut Vec<u32>, width: usize, (x, y): (usize, usize)) -> u32 {
    let at = y * width + x;
    let left = if x > 0 { labels[at - 1] } else { 0 };
    let mut mine = left;
    if y > 0 {
        let from = at - width - usize::from(x > 0);
        let to = at - width + usize::from(x + 1 < width);
        for above in &labels[from..=to] {
            mine = united(parents, mine, *above);
        }
    }
    if mine == 0 {
        mine = u32::try_from(parents.len()).unwrap_or(0);
        parents.push(mine);
    }
    mine
}

/// Makes two labels one and gives it; 0 is no label.
fn united(parents: &mut [u32], a: u32, b: u32) -> u32 {
    if a == 0 || b == 0 {
        return a.max(b);
    }
    let (a, b) = (root(parents, a), root(parents, b));
    let (low, high) = (a.min(b), a.max(b));
    parents[high as usize] = low;
    low
}

fn root(parents: &mut [u32], mut label: u32) -> u32 {
    while parents[label as usize] != label {
        let above = parents[parents[label as usize] as usize];
        parents[label as usize] = above;
        label = above;
    }
    label
}

/// Numbers the blobs from 1 and measures them.
#[expect(
    clippy::cast_precision_loss,
    reason = "pictures have at most 4096 pixels a side"
)]
fn numbered(labels: &mut [u32], parents: &mut [u32], width: usize) -> Vec<Blob> {
    let mut numbers = vec![0_u32; parents.len()];
    let mut all: Vec<Blob> = Vec::new();
    for (at, label) in labels
        .iter_mut()
        .enumerate()
        .filter(|(_, label)| **label > 0)
    {
        let (x, y) = ((at % width) as f32, (at / width) as f32);
        let root = root(parents, *label) as usize;
        if numbers[root] == 0 {
            all.push(Blob {
                left: x,
                top: y,
                right: x,
                bottom: y,
                area: 0.0,
            });
            numbers[root] = u32::try_from(all.len()).unwrap_or(0);
        }
        *label = numbers[root];
        let blob = &mut all[*label as usize - 1];
        blob.left = blob.left.min(x);
        blob.right = blob.right.max(x + 1.0);
        blob.bottom = y + 1.0;
        blob.area += 1.0;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blobs(rows: &[&str]) -> Blobs {
        Blobs::of(&Ink {
            flags: rows
                .iter()
                .flat_map(|row| row.bytes().map(|b| b == b'#'))
                .collect(),
            width: rows[0].len(),
            height: rows.len(),
        })
    }

    #[test]
    fn ink_that_touches_is_one_blob_also_at_corners() {
        let found = blobs(&["#..#.", ".##..", "....#", "#...#"]);
        let areas: Vec<f32> = found.all.iter().map(|blob| blob.area).collect();
        assert_eq!(areas, [4.0, 2.0, 1.0]);
        assert!((found.all[0].width() - 4.0).abs() < 0.1);
        assert_eq!(found.at(0.5, 0.5), Some(0));
        assert_eq!(found.at(1.5, 0.5), None);
        assert_eq!(found.at(9.0, 0.0), None);
    }

    #[test]
    fn surroundings_belong_to_the_blob_without_moving_its_box() {
        let found = blobs(&[".....", "..#..", "....."]).grown(1);
        assert_eq!(found.at(1.5, 1.5), Some(0));
        assert_eq!(found.at(0.5, 1.5), None);
        assert!((found.all[0].width() - 1.0).abs() < 0.1);
    }
}
