//! Skips the model or not, as the server would.

use std::ops::AddAssign;

use anyhow::Context;
use bytes::Bytes;
use imaging::{Imaging, Limits};
use vision::{ImagePreparer, Likeness, SceneComparer, Signature, ViewSpec};

/// The view that the server sends by default.
const VIEW: ViewSpec = ViewSpec::Jpeg { max_side: 1600 };

/// One picture that arrives.
pub(super) struct Picture {
    pub(super) file: Vec<u8>,
    /// What is on it; pictures of the same page have the same.
    pub(super) shows: String,
    /// What is on it has grown a little since the last pictures: either answer is right.
    pub(super) either: bool,
}

/// How many pictures were judged in which way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) repeats_skipped: u32,
    pub(super) repeats_looked_at: u32,
    pub(super) turns_looked_at: u32,
    /// Pages taken for other pages.
    pub(super) turns_skipped: u32,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.repeats_skipped += other.repeats_skipped;
        self.repeats_looked_at += other.repeats_looked_at;
        self.turns_looked_at += other.turns_looked_at;
        self.turns_skipped += other.turns_skipped;
    }
}

impl Counts {
    pub(super) fn repeats(&self) -> u32 {
        self.repeats_skipped + self.repeats_looked_at
    }

    pub(super) fn turns(&self) -> u32 {
        self.turns_looked_at + self.turns_skipped
    }

    /// 100 where there was no repeat.
    pub(super) fn repeats_skipped_percent(&self) -> f64 {
        if self.repeats() == 0 {
            return 100.0;
        }
        f64::from(self.repeats_skipped) * 100.0 / f64::from(self.repeats())
    }
}

/// Compares pictures.
pub(super) struct Judge {
    imaging: Imaging,
    tells_each: bool,
}

impl Judge {
    pub(super) fn new(tells_each: bool) -> Self {
        Self {
            imaging: Imaging::new(Limits::default()),
            tells_each,
        }
    }

    /// The first picture goes to the model and is not counted.
    pub(super) async fn sequence(&self, pictures: &[Picture]) -> anyhow::Result<Counts> {
        let mut counts = Counts::default();
        let mut last: Option<(Signature, &str)> = None;
        for (number, picture) in pictures.iter().enumerate() {
            let signature = self.signature(&picture.file).await?;
            let Some((before, showed)) = &last else {
                last = Some((signature, &picture.shows));
                continue;
            };
            let likeness = self.imaging.compare(signature.clone(), before.clone());
            let likeness = likeness.await?;
            let skips = likeness.is_same_view();
            if self.tells_each {
                tell(number, (showed, picture), &likeness);
            }
            counts += judged(picture, picture.shows == *showed, skips);
            if !skips {
                last = Some((signature, &picture.shows));
            }
        }
        Ok(counts)
    }

    async fn signature(&self, file: &[u8]) -> anyhow::Result<Signature> {
        let file = Bytes::copy_from_slice(file);
        let prepared = self.imaging.prepare(file, VIEW).await;
        Ok(prepared.context("a picture of the material")?.signature)
    }
}

fn judged(picture: &Picture, repeats: bool, skips: bool) -> Counts {
    let mut counts = Counts::default();
    match (repeats, skips) {
        _ if picture.either => {}
        (true, true) => counts.repeats_skipped += 1,
        (true, false) => counts.repeats_looked_at += 1,
        (false, true) => counts.turns_skipped += 1,
        (false, false) => counts.turns_looked_at += 1,
    }
    counts
}

fn tell(number: usize, (showed, picture): (&str, &Picture), likeness: &Likeness) {
    let shows = &picture.shows;
    let kind = if showed == shows { "repeat" } else { "turn" };
    let answer = if likeness.is_same_view() {
        "skips"
    } else {
        "looks"
    };
    println!("  {number:3} {kind:6} {answer} {showed} > {shows}: {likeness:?}");
}
