//! Sequences of pictures.

use std::rc::Rc;

use anyhow::Context;
use draw_pages::ink::Fonts;
use image::{GrayImage, imageops};

use super::camera::Shot;
use super::chance::Chance;
use super::judge::Picture;
use super::print::{Press, Words, photographed};

/// The longer side of what is photographed, in pixels.
const LONGEST: u32 = 1440;

/// Makes one sequence.
type Make = Box<dyn Fn(&mut Chance) -> Vec<Picture>>;

/// How sequences of one kind are made.
pub(super) struct Kind {
    pub(super) name: &'static str,
    pub(super) make: Make,
}

/// All kinds.
///
/// # Errors
/// When fonts are missing.
pub(super) fn kinds() -> anyhow::Result<Vec<Kind>> {
    let press = Rc::new(Press {
        fonts: Fonts::load()?,
        words: Words::of_the_pages(),
    });
    let drawn = |name, make: fn(&Press, &mut Chance) -> Vec<Picture>| {
        let press = press.clone();
        Kind {
            name,
            make: Box::new(move |chance| make(&press, chance)),
        }
    };
    let found = |name, make: fn(&mut Chance) -> Vec<Picture>| Kind {
        name,
        make: Box::new(make),
    };
    Ok(vec![
        found("walk, as it is", walk),
        found("walk, shaken again", shaken_walk),
        found("real pages", |chance| real("pages", chance)),
        found("real photos and scans", |chance| real("photos", chance)),
        drawn("book, same layout", book),
        drawn("book, a third of the lines changed", third),
        drawn("slides of one lecture", slides),
        drawn("worksheets, other numbers", worksheets),
        drawn("notes that grow", notes),
    ])
}

fn frames() -> Vec<(String, String)> {
    let mut walk = testkit::data::json("walk/walk.json");
    let frames = walk["frames"].take();
    let frame = |frame: &serde_json::Value| {
        let page = frame["page_id"].as_str().unwrap_or("no page");
        Some((frame["file"].as_str()?.to_owned(), page.to_owned()))
    };
    frames
        .as_array()
        .map_or_else(Vec::new, |all| all.iter().filter_map(frame).collect())
}

fn walk(_: &mut Chance) -> Vec<Picture> {
    let picture = |(file, shows): (String, String)| Picture {
        file: testkit::data::bytes(&file),
        shows,
        either: false,
    };
    frames().into_iter().map(picture).collect()
}

/// Every third frame, so that all pages come in a shorter time.
fn shaken_walk(chance: &mut Chance) -> Vec<Picture> {
    let mut album = Album::new(chance);
    for (file, shows) in frames().into_iter().step_by(3) {
        album.look(&scene(&file), &shows, 1);
    }
    album.pictures
}

/// Each file looked at for a while; pages of one book lie side by side.
fn real(part: &str, chance: &mut Chance) -> Vec<Picture> {
    let manifest = testkit::data::json("manifest.json");
    let files = manifest[part].as_array().map(Vec::as_slice);
    let mut album = Album::new(chance);
    for file in files.unwrap_or_default() {
        if let Some(file) = file["file"].as_str() {
            album.look(&scene(file), file, 4);
        }
    }
    album.pictures
}

fn book(press: &Press, chance: &mut Chance) -> Vec<Picture> {
    let held = chance.below(4);
    let mut album = Album::new(chance);
    for page in 0..5 {
        let sheet = press.book_page(album.chance);
        album.look(&photographed(&sheet, held), &format!("page {page}"), 4);
    }
    album.pictures
}

fn third(press: &Press, chance: &mut Chance) -> Vec<Picture> {
    let (seed, held) = (u64::from(chance.below(1 << 30)), chance.below(4));
    let mut album = Album::new(chance);
    for (page, other) in [0..0, 9..18, 0..9, 18..27].into_iter().enumerate() {
        let sheet = press.book_page_with_other_lines(seed, other);
        album.look(&photographed(&sheet, held), &format!("version {page}"), 3);
    }
    album.pictures
}

fn slides(press: &Press, chance: &mut Chance) -> Vec<Picture> {
    let held = chance.below(4);
    let mut album = Album::new(chance);
    for slide in 0..5 {
        let sheet = press.slide(album.chance);
        album.look(&photographed(&sheet, held), &format!("slide {slide}"), 4);
    }
    album.pictures
}

fn worksheets(press: &Press, chance: &mut Chance) -> Vec<Picture> {
    let held = chance.below(4);
    let mut album = Album::new(chance);
    for sheet in 0..5 {
        let paper = press.worksheet(album.chance);
        album.look(&photographed(&paper, held), &format!("sheet {sheet}"), 4);
    }
    album.pictures
}

/// One line more may wait; four lines more may not.
fn notes(press: &Press, chance: &mut Chance) -> Vec<Picture> {
    let (seed, held) = (u64::from(chance.below(1 << 20)), chance.below(4));
    let mut album = Album::new(chance);
    for lines in [4, 8, 12, 16] {
        let sheet = photographed(&press.notes(seed, lines), held);
        album.look(&sheet, &format!("{lines} lines"), 4);
        if lines < 16 {
            let more = photographed(&press.notes(seed, lines + 1), held);
            album.grow(&more, &format!("{lines} lines"));
        }
    }
    album.pictures
}

/// A file of the test data in grey.
fn scene(file: &str) -> GrayImage {
    let decoded = image::load_from_memory(&testkit::data::bytes(file));
    let picture = decoded.with_context(|| file.to_owned());
    let picture = picture.unwrap_or_else(|error| panic!("{error:#}"));
    let longest = picture.width().max(picture.height());
    let picture = if longest > LONGEST {
        picture.resize(LONGEST, LONGEST, imageops::FilterType::Triangle)
    } else {
        picture
    };
    picture.into_luma8()
}

/// Pictures taken one after the other.
struct Album<'a> {
    chance: &'a mut Chance,
    pictures: Vec<Picture>,
}

impl<'a> Album<'a> {
    fn new(chance: &'a mut Chance) -> Self {
        Self {
            chance,
            pictures: Vec::new(),
        }
    }

    /// One clear look, then some as they come.
    fn look(&mut self, scene: &GrayImage, shows: &str, more: usize) {
        let first = Shot::first(self.chance);
        self.take(&first, scene, shows, false);
        for _ in 0..more {
            let shot = Shot::any(self.chance);
            self.take(&shot, scene, shows, false);
        }
    }

    /// A look at what has grown a little.
    fn grow(&mut self, scene: &GrayImage, shows: &str) {
        let shot = Shot::any(self.chance);
        self.take(&shot, scene, shows, true);
    }

    fn take(&mut self, shot: &Shot, scene: &GrayImage, shows: &str, either: bool) {
        let file = shot.take(scene, self.chance);
        self.pictures.push(Picture {
            file: file.unwrap_or_default(),
            shows: shows.to_owned(),
            either,
        });
    }
}
