//! Words become text.

use crate::tesseract::Word;

/// From this confidence on a word is taken as read right.
const SURE: f32 = 70.0;
/// On a page that is read well, a word below this confidence is a thumb or a part of a figure.
const LEGIBLE: f32 = 45.0;
/// At this mean confidence and below a page is so hard to read that no word is left out.
const HARD: f32 = 70.0;

/// One line of text.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Line {
    words: Vec<(String, f32)>,
}

impl Line {
    /// It has no words.
    pub(crate) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Its words with single spaces between them.
    pub(crate) fn text(&self) -> String {
        let words: Vec<&str> = self.words.iter().map(|(text, _)| text.as_str()).collect();
        words.join(" ")
    }

    /// The mean confidence of its words by their letters, 0 to 100.
    pub(crate) fn confidence(&self) -> f32 {
        let letters: f32 = self.words.iter().map(|(text, _)| weight(text)).sum();
        let sum: f32 = self
            .words
            .iter()
            .map(|(text, confidence)| weight(text) * confidence)
            .sum();
        if letters > 0.0 { sum / letters } else { 0.0 }
    }

    /// Letters, each by the square of its word's confidence: the more was read, and the surer, the
    /// higher.
    fn worth(&self) -> f32 {
        let worth =
            |(text, confidence): &(String, f32)| weight(text) * (confidence / 100.0).powi(2);
        self.words.iter().map(worth).sum()
    }
}

/// What was read of a photo, line by line in reading order.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Reading {
    lines: Vec<Line>,
}

impl Reading {
    /// Groups words that come in reading order into lines.
    pub(crate) fn of(words: &[Word]) -> Self {
        let lines = words.chunk_by(|a, b| (a.picture, a.line) == (b.picture, b.line));
        Self {
            lines: lines.map(line).collect(),
        }
    }

    /// Groups words by the picture they were read in, one line for each of `pictures`.
    pub(crate) fn of_strips(words: &[Word], pictures: usize) -> Self {
        let mut lines = vec![Line::default(); pictures];
        for strip in words.chunk_by(|a, b| a.picture == b.picture) {
            if let Some(place) = lines.get_mut(strip[0].picture) {
                *place = line(strip);
            }
        }
        Self { lines }
    }

    /// Of each line the better of two readings of the same strips.
    pub(crate) fn better_lines(self, other: Self) -> Self {
        let pairs = self.lines.into_iter().zip(other.lines);
        let better = |(a, b): (Line, Line)| if b.worth() > a.worth() { b } else { a };
        Self {
            lines: pairs.map(better).collect(),
        }
    }

    /// The lines.
    pub(crate) fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The lines with anything in them, one below the other.
    pub(crate) fn text(&self) -> String {
        let lines: Vec<String> = self.lines.iter().map(Line::text).collect();
        let filled: Vec<&str> = lines
            .iter()
            .map(String::as_str)
            .filter(|l| !l.is_empty())
            .collect();
        filled.join("\n")
    }

    /// The mean confidence by letters, 0 to 100.
    pub(crate) fn confidence(&self) -> f32 {
        let all = Line {
            words: self
                .lines
                .iter()
                .flat_map(|line| line.words.clone())
                .collect(),
        };
        all.confidence()
    }

    /// How much was read, and how surely.
    pub(crate) fn worth(&self) -> f32 {
        self.lines.iter().map(Line::worth).sum()
    }

    /// Words of three letters or more that were surely read.
    pub(crate) fn sure_words(&self) -> usize {
        let words = self.lines.iter().flat_map(|line| &line.words);
        words
            .filter(|(text, confidence)| *confidence >= SURE && letters(text) >= 3)
            .count()
    }

    /// The reading without what was hardly read; a doubtful word in a sure line is likelier to be
    /// one. The worse a page is to read on the whole, the more
    /// doubtful words are kept.
    pub(crate) fn legible(self) -> Self {
        let least = ((self.confidence() - HARD) * 2.0).clamp(0.0, LEGIBLE);
        let keep = |mut line: Line| {
            let is_poor = line.confidence() < least;
            line.words.retain(|(text, confidence)| {
                *confidence >= least || !is_poor && text.contains(char::is_alphanumeric)
            });
            line
        };
        Self {
            lines: self.lines.into_iter().map(keep).collect(),
        }
    }
}

fn line(words: &[Word]) -> Line {
    Line {
        words: words
            .iter()
            .map(|word| (word.text.clone(), word.confidence))
            .collect(),
    }
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphabetic()).count()
}

fn weight(text: &str) -> f32 {
    f32::from(u8::try_from(letters(text).min(12)).unwrap_or(12))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn word(text: &str, confidence: f32, picture: usize) -> Word {
        Word {
            text: text.to_owned(),
            confidence,
            picture,
            line: (1, 1, 1),
        }
    }

    /// Lines of words that were all read with this confidence.
    pub(crate) fn reading(lines: &[&str], confidence: f32) -> Reading {
        let words: Vec<Word> = lines
            .iter()
            .enumerate()
            .flat_map(|(at, line)| line.split(' ').map(move |text| word(text, confidence, at)))
            .collect();
        Reading::of(&words)
    }

    #[test]
    fn on_a_page_that_is_read_well_shapes_are_left_out() {
        let words = [
            word("The", 96.0, 0),
            word("mitochondria", 95.0, 0),
            word("~~e", 20.0, 1),
            word("produce", 97.0, 2),
        ];
        assert_eq!(
            Reading::of(&words).legible().text(),
            "The mitochondria\nproduce"
        );
    }

    #[test]
    fn on_a_hard_page_every_word_is_kept() {
        let hard = reading(&["enerqy con be defned"], 40.0);
        assert_eq!(hard.clone().legible(), hard);
    }

    #[test]
    fn of_two_readings_each_line_is_the_surer_one() {
        let strips = |first: f32, second: f32| {
            let words = [word("mitosis", first, 0), word("meiosis", second, 2)];
            Reading::of_strips(&words, 3)
        };
        let best = strips(90.0, 30.0).better_lines(strips(40.0, 80.0));
        assert!((best.confidence() - 85.0).abs() < 0.1);
        assert_eq!(best.text(), "mitosis\nmeiosis");
    }

    #[test]
    fn nothing_read_is_worth_nothing() {
        assert!(Reading::default().worth() == 0.0 && Reading::default().confidence() == 0.0);
    }
}
