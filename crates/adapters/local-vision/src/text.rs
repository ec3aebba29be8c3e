//! Words become text.

use crate::tesseract::Word;

/// A word below this confidence is a shape rather than a word.
const LEAST_CONFIDENCE: f32 = 30.0;
/// From this confidence on a word is taken as read right.
const SURE: f32 = 70.0;

/// One line of text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    /// Its words with single spaces between them.
    pub(crate) text: String,
    /// The mean confidence of its words, 0 to 100.
    pub(crate) confidence: f32,
    /// The height of its tallest word in pixels.
    pub(crate) height: u32,
}

/// What was read of a photo.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Reading {
    /// In reading order.
    pub(crate) lines: Vec<Line>,
    /// Words of three letters or more that were surely read.
    pub(crate) sure_words: usize,
    /// Sum of the confidences of all words with letters, each weighed by its length: the more was
    /// read, and the surer, the higher.
    pub(crate) worth: f32,
}

impl Reading {
    /// Groups words into lines and leaves out what was hardly read.
    pub(crate) fn of(words: &[Word]) -> Self {
        let kept: Vec<&Word> = words.iter().filter(|word| is_legible(word)).collect();
        let lines = kept.chunk_by(|a, b| a.line == b.line).map(line).collect();
        let sure = |word: &&&Word| word.confidence >= SURE && letters(&word.text) >= 3;
        Self {
            lines,
            sure_words: kept.iter().filter(sure).count(),
            worth: kept.iter().map(|word| worth(word)).sum(),
        }
    }

    /// The lines, one below the other.
    pub(crate) fn text(&self) -> String {
        let lines: Vec<&str> = self.lines.iter().map(|line| line.text.as_str()).collect();
        lines.join("\n")
    }
}

fn is_legible(word: &Word) -> bool {
    word.confidence >= LEAST_CONFIDENCE && word.text.chars().any(char::is_alphanumeric)
        || word.confidence >= SURE
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphabetic()).count()
}

fn worth(word: &Word) -> f32 {
    let length = u16::try_from(letters(&word.text).min(12)).unwrap_or(12);
    f32::from(length) * (word.confidence / 100.0).powi(2)
}

fn line(words: &[&Word]) -> Line {
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    let count = f32::from(u16::try_from(words.len().max(1)).unwrap_or(u16::MAX));
    Line {
        text: texts.join(" "),
        confidence: words.iter().map(|word| word.confidence).sum::<f32>() / count,
        height: words.iter().map(|word| word.height).max().unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str, confidence: f32, line: u32) -> Word {
        Word {
            text: text.to_owned(),
            confidence,
            line: (1, 1, line),
            top: 0,
            height: 20,
        }
    }

    #[test]
    fn words_become_lines_and_shapes_are_left_out() {
        let words = [
            word("The", 95.0, 1),
            word("cell", 90.0, 1),
            word("|", 40.0, 2),
            word("wa11", 55.0, 3),
            word("~~e", 12.0, 3),
        ];
        let reading = Reading::of(&words);
        assert_eq!(reading.text(), "The cell\nwa11");
        assert_eq!(reading.sure_words, 2);
    }

    #[test]
    fn a_surer_reading_is_worth_more() {
        let sure = Reading::of(&[word("mitosis", 95.0, 1)]);
        let unsure = Reading::of(&[word("m1t0sis", 45.0, 1)]);
        assert!(sure.worth > unsure.worth);
        assert_eq!(Reading::of(&[]), Reading::default());
    }
}
