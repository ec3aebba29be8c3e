//! Text on paper: title and paragraphs, wrapped and set in a serif face.

use ab_glyph::{Font as _, FontVec, PxScale, ScaleFont as _, point};
use anyhow::{Context as _, Result};

use crate::pages::Page;

/// How wide a sheet is, in pixels.
pub const WIDTH: usize = 1500;
/// How high a sheet is, in pixels.
pub const HEIGHT: usize = 2000;

const MARGIN: f32 = 130.0;
const TITLE: f32 = 74.0;
const TEXT: f32 = 47.0;
const LINE: f32 = 1.36;

const FOLDER: &str = "/usr/share/fonts/truetype/dejavu";

/// The two faces a page is set in.
pub struct Fonts {
    /// Bold.
    pub title: Font,
    /// Plain.
    pub text: Font,
}

/// One face.
pub struct Font(FontVec);

impl Fonts {
    /// From where Debian's `fonts-dejavu-core` puts them.
    ///
    /// # Errors
    /// When they are not there; the error says what to install.
    pub fn load() -> Result<Self> {
        Ok(Self {
            title: face("DejaVuSerif-Bold.ttf")?,
            text: face("DejaVuSerif.ttf")?,
        })
    }
}

fn face(file: &str) -> Result<Font> {
    let path = format!("{FOLDER}/{file}");
    let missing = || format!("{path}: install fonts-dejavu-core");
    let file = std::fs::read(&path).with_context(missing)?;
    Ok(Font(FontVec::try_from_vec(file)?))
}

/// How much ink lies where: 0 is bare paper, 1 is black.
pub struct Sheet(Vec<f32>);

impl Sheet {
    /// Bare paper.
    pub fn blank() -> Self {
        Self(vec![0.0; WIDTH * HEIGHT])
    }

    /// Writes a line, its base line beginning at a place; gives where it ends.
    #[expect(
        clippy::cast_precision_loss,
        reason = "a glyph is a hundred pixels wide"
    )]
    pub fn write(&mut self, font: &Font, (line, size): (&str, f32), (mut x, y): (f32, f32)) -> f32 {
        let font = &font.0;
        for c in line.chars() {
            let id = font.glyph_id(c);
            let glyph = id.with_scale_and_position(size, point(x, y));
            if let Some(outline) = font.outline_glyph(glyph) {
                let corner = outline.px_bounds().min;
                outline.draw(|dx, dy, ink| {
                    self.add(corner.x + dx as f32, corner.y + dy as f32, ink);
                });
            }
            x += font.as_scaled(size).h_advance(id);
        }
        x
    }

    /// Draws a bar of even ink between two corners.
    #[expect(clippy::cast_precision_loss, reason = "a sheet is 2000 pixels high")]
    pub fn bar(&mut self, (left, top): (f32, f32), (right, bottom): (f32, f32), ink: f32) {
        for y in 0..HEIGHT {
            for x in 0..WIDTH {
                let (x, y) = (x as f32, y as f32);
                if (left..right).contains(&x) && (top..bottom).contains(&y) {
                    self.add(x, y, ink);
                }
            }
        }
    }

    /// Ink at a place, between pixels too; none off the sheet.
    pub fn at(&self, x: f32, y: f32) -> f32 {
        let (left, top) = (x.floor(), y.floor());
        let (across, down) = (x - left, y - top);
        let upper = self.pixel(left, top) * (1.0 - across) + self.pixel(left + 1.0, top) * across;
        let lower = self.pixel(left, top + 1.0) * (1.0 - across)
            + self.pixel(left + 1.0, top + 1.0) * across;
        upper * (1.0 - down) + lower * down
    }

    fn pixel(&self, x: f32, y: f32) -> f32 {
        index(x, y).map_or(0.0, |i| self.0[i])
    }

    fn add(&mut self, x: f32, y: f32, ink: f32) {
        if let Some(i) = index(x, y) {
            self.0[i] = (self.0[i] + ink).min(1.0);
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "checked against the sheet, which is far smaller than any of these types"
)]
fn index(x: f32, y: f32) -> Option<usize> {
    let on_sheet = x >= 0.0 && y >= 0.0 && x < WIDTH as f32 && y < HEIGHT as f32;
    on_sheet.then(|| y as usize * WIDTH + x as usize)
}

/// Sets a page from top to bottom.
pub fn set(page: &Page, fonts: &Fonts) -> Sheet {
    let mut sheet = Sheet::blank();
    let mut y = MARGIN + TITLE;
    y = paragraph(&mut sheet, &fonts.title, (page.title, TITLE), y) + TEXT;
    for text in page.paragraphs {
        y = paragraph(&mut sheet, &fonts.text, (text, TEXT), y) + TEXT * 0.7;
    }
    sheet
}

/// Sets one paragraph; gives the base line after it.
fn paragraph(sheet: &mut Sheet, font: &Font, (text, size): (&str, f32), mut y: f32) -> f32 {
    let mut line = String::new();
    for word in text.split(' ') {
        let longer = format!("{line}{}{word}", if line.is_empty() { "" } else { " " });
        if font.width(size, &longer) > columns() {
            sheet.write(font, (&line, size), (MARGIN, y));
            y += size * LINE;
            word.clone_into(&mut line);
        } else {
            line = longer;
        }
    }
    sheet.write(font, (&line, size), (MARGIN, y));
    y + size * LINE
}

#[expect(clippy::cast_precision_loss, reason = "a sheet is 1500 pixels wide")]
fn columns() -> f32 {
    WIDTH as f32 - 2.0 * MARGIN
}

impl Font {
    /// How wide a line is, in pixels.
    pub fn width(&self, size: f32, line: &str) -> f32 {
        let font = self.0.as_scaled(PxScale::from(size));
        line.chars().map(|c| font.h_advance(font.glyph_id(c))).sum()
    }
}
