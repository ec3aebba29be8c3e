//! Pages whose layout stays while their words change.

use draw_pages::ink::{Font, Fonts, Sheet};
use image::{GrayImage, imageops};

use super::chance::Chance;

/// The left margin and the length of a line, in pixels of a sheet.
const LEFT: f32 = 130.0;
const LENGTH: f32 = 1240.0;

/// What words are taken from.
pub(super) struct Words(Vec<String>);

impl Words {
    /// The words of the pages in the test data.
    pub(super) fn of_the_pages() -> Self {
        let manifest = testkit::data::json("manifest.json");
        let pages = manifest["pages"].as_array().map(Vec::as_slice);
        let texts = pages.unwrap_or_default().iter();
        let words =
            texts.flat_map(|page| page["text"].as_str().unwrap_or_default().split_whitespace());
        Self(
            words
                .filter(|word| word.is_ascii())
                .map(str::to_owned)
                .collect(),
        )
    }

    fn one(&self, chance: &mut Chance) -> &str {
        chance.one_of::<String>(&self.0)
    }

    /// As many words as a line holds.
    fn line(&self, chance: &mut Chance, (font, size): (&Font, f32), length: f32) -> Vec<&str> {
        let (mut words, mut taken) = (Vec::new(), 0.0);
        loop {
            let word = self.one(chance);
            let width = font.width(size, word) + size * 0.25;
            if taken + width > length {
                return words;
            }
            taken += width;
            words.push(word);
        }
    }
}

/// Who prints: the faces and the words.
pub(super) struct Press {
    pub(super) fonts: Fonts,
    pub(super) words: Words,
}

impl Press {
    /// A page of a book: the same running title, margins, paragraphs and line ends on each, every line
    /// but the last of a paragraph justified.
    pub(super) fn book_page(&self, chance: &mut Chance) -> Sheet {
        let mut sheet = Sheet::blank();
        sheet.write(&self.fonts.text, ("Cell Reproduction", 30.0), (LEFT, 110.0));
        for line in 0..27_u8 {
            let length = if line % 9 == 8 { 0.55 } else { 1.0 };
            self.justified(
                &mut sheet,
                chance,
                (40.0, length),
                210.0 + f32::from(line) * 60.0,
            );
        }
        sheet
    }

    /// The same page with some of its lines said differently.
    pub(super) fn book_page_with_other_lines(
        &self,
        seed: u64,
        other: std::ops::Range<u8>,
    ) -> Sheet {
        let mut sheet = Sheet::blank();
        sheet.write(&self.fonts.text, ("Cell Reproduction", 30.0), (LEFT, 110.0));
        for line in 0..27_u8 {
            let words = if other.contains(&line) {
                "other"
            } else {
                "first"
            };
            let mut chance = Chance::new(seed * 100 + u64::from(line), words);
            self.justified(
                &mut sheet,
                &mut chance,
                (40.0, 1.0),
                210.0 + f32::from(line) * 60.0,
            );
        }
        sheet
    }

    fn justified(&self, sheet: &mut Sheet, chance: &mut Chance, (size, share): (f32, f32), y: f32) {
        let font = &self.fonts.text;
        let words = self.words.line(chance, (font, size), LENGTH * share);
        let inked: f32 = words.iter().map(|word| font.width(size, word)).sum();
        let gap = (LENGTH * share - inked) / gaps(&words);
        let mut x = LEFT;
        for word in words {
            x = sheet.write(font, (word, size), (x, y)) + gap;
        }
    }

    /// A slide of one lecture: title bar, logo and footer as on all others, four points in large type.
    pub(super) fn slide(&self, chance: &mut Chance) -> Sheet {
        let mut sheet = Sheet::blank();
        sheet.bar((0.0, 0.0), (1500.0, 240.0), 0.25);
        sheet.bar((1240.0, 60.0), (1420.0, 180.0), 0.7);
        let title = ("Lecture 7: Cell Biology", 84.0);
        sheet.write(&self.fonts.title, title, (LEFT, 160.0));
        for point in 0..4_u8 {
            let y = 440.0 + f32::from(point) * 330.0;
            sheet.bar((LEFT, y - 36.0), (LEFT + 24.0, y - 12.0), 1.0);
            for half in [0.0, 92.0] {
                let font = (&self.fonts.text, 66.0);
                let line = self.words.line(chance, font, 1080.0).join(" ");
                sheet.write(font.0, (&line, font.1), (LEFT + 70.0, y + half));
            }
        }
        let footer = (
            "University of Examples, Department of Biology, autumn term",
            34.0,
        );
        sheet.write(&self.fonts.text, footer, (LEFT, 1900.0));
        sheet
    }

    /// A sheet of exercises: numbers and signs differ from sheet to sheet, nothing else.
    pub(super) fn worksheet(&self, chance: &mut Chance) -> Sheet {
        let mut sheet = Sheet::blank();
        sheet.write(
            &self.fonts.title,
            ("Solve each equation for x", 70.0),
            (LEFT, 200.0),
        );
        for row in 0..12_u8 {
            let y = 360.0 + f32::from(row) * 125.0;
            for column in [0.0, 640.0] {
                let mut number = || chance.below(90) + 10;
                let left = format!("{}x + {}", number(), number());
                let right = format!("{}x + {}", number(), number());
                let task = format!("{}) {left} = {right}", row + 1);
                sheet.write(&self.fonts.text, (&task, 52.0), (LEFT + column, y));
            }
        }
        sheet
    }

    /// Notes of some lines on ruled paper; more lines follow as they are written.
    pub(super) fn notes(&self, seed: u64, lines: u8) -> Sheet {
        let mut sheet = Sheet::blank();
        for rule in 0..20_u8 {
            let y = 190.0 + f32::from(rule) * 90.0;
            sheet.bar((60.0, y), (1440.0, y + 3.0), 0.35);
        }
        for line in 0..lines {
            let mut chance = Chance::new(seed * 100 + u64::from(line), "line");
            let font = (&self.fonts.text, 50.0);
            let length = chance.between(700.0, 1200.0);
            let text = self.words.line(&mut chance, font, length).join(" ");
            let y = 178.0 + f32::from(line) * 90.0;
            sheet.write(font.0, (&text, font.1), (LEFT, y));
        }
        sheet
    }
}

/// How many gaps lie between the words of a line, at least one.
#[expect(
    clippy::cast_precision_loss,
    reason = "a line holds far fewer than 2^24 words"
)]
fn gaps(words: &[&str]) -> f32 {
    (words.len().max(2) - 1) as f32
}

/// The sheet photographed on a desk.
pub(super) fn photographed(sheet: &Sheet, number: u32) -> GrayImage {
    imageops::grayscale(&draw_pages::photo::take(sheet, number))
}
