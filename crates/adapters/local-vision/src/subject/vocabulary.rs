//! The words that speak for a subject.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The built-in vocabulary.
pub(crate) static VOCABULARY: LazyLock<Vocabulary> =
    LazyLock::new(|| Vocabulary::parse(include_str!("vocabulary.txt")));

/// A word's weight for one subject.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Vote {
    /// Index into [`Vocabulary::subjects`].
    pub(crate) subject: usize,
    /// 0.5 a faint sign, 3 hardly met elsewhere.
    pub(crate) weight: f32,
}

/// Words and stems with the subjects they speak for.
#[derive(Debug, Default)]
pub(crate) struct Vocabulary {
    subjects: Vec<&'static str>,
    entries: HashMap<&'static str, Vec<Vote>>,
    stems: HashMap<&'static str, Vec<Vote>>,
    /// Long entries by length in letters, the ones that a misread word is compared with.
    long: HashMap<usize, Vec<&'static str>>,
}

/// Shorter words are taken only as they are: too many others are one letter away ("charges",
/// "changes").
const SHORTEST_MISREAD: usize = 8;
/// From this length on two letters may be wrong.
const TWO_WRONG: usize = 10;
const SHORTEST_STEM: usize = 4;

impl Vocabulary {
    fn parse(text: &'static str) -> Self {
        let mut vocabulary = Self::default();
        for line in text.lines().map(str::trim) {
            if let Some(name) = line
                .strip_prefix('[')
                .and_then(|rest| rest.strip_suffix(']'))
            {
                vocabulary.subjects.push(name);
            } else if !line.starts_with('#') {
                vocabulary.add_line(line);
            }
        }
        vocabulary
    }

    fn add_line(&mut self, line: &'static str) {
        let mut words = line.split_whitespace();
        let (Some(weight), Some(subject)) = (
            words.next().and_then(|word| word.parse().ok()),
            self.subjects.len().checked_sub(1),
        ) else {
            return;
        };
        for word in words {
            self.add(word, Vote { subject, weight });
        }
    }

    fn add(&mut self, word: &'static str, vote: Vote) {
        let stem = word.trim_end_matches('*');
        let entries = if stem.len() < word.len() {
            &mut self.stems
        } else {
            &mut self.entries
        };
        let votes = entries.entry(stem).or_default();
        if votes.iter().all(|known| known.subject != vote.subject) {
            votes.push(vote);
        }
        if stem.len() >= SHORTEST_MISREAD {
            let long = self.long.entry(stem.len()).or_default();
            if !long.contains(&stem) {
                long.push(stem);
            }
        }
    }

    /// The subjects' names.
    pub(crate) fn subjects(&self) -> &[&'static str] {
        &self.subjects
    }

    /// The entry that a lower-case `word` matches, as it is, by its stem, or misread in one letter
    /// (two in a long word); with the votes of that entry.
    pub(crate) fn look_up(&self, word: &str) -> Option<(&'static str, &[Vote])> {
        self.exact(word).or_else(|| self.misread(word))
    }

    fn exact(&self, word: &str) -> Option<(&'static str, &[Vote])> {
        if let Some((entry, votes)) = self.entries.get_key_value(word) {
            return Some((entry, votes));
        }
        let stems = (SHORTEST_STEM..=word.len()).rev();
        stems
            .filter_map(|length| self.stems.get_key_value(word.get(..length)?))
            .map(|(entry, votes)| (*entry, votes.as_slice()))
            .next()
    }

    fn misread(&self, word: &str) -> Option<(&'static str, &[Vote])> {
        let letters = word.as_bytes();
        if letters.len() < SHORTEST_MISREAD {
            return None;
        }
        let longest = letters.len() + 2;
        let lengths = (SHORTEST_MISREAD..=longest).rev();
        let entry = lengths
            .filter_map(|length| self.long.get(&length))
            .flatten()
            .find(|entry| self.resembles(entry, letters))?;
        let votes = self.entries.get(entry).or_else(|| self.stems.get(entry))?;
        Some((entry, votes))
    }

    fn resembles(&self, entry: &str, letters: &[u8]) -> bool {
        let wrong = if entry.len() >= TWO_WRONG { 2 } else { 1 };
        let row = distances(entry.as_bytes(), letters);
        let nearest = if self.stems.contains_key(entry) {
            row.iter().min()
        } else {
            row.last()
        };
        nearest.is_some_and(|distance| *distance <= wrong)
    }
}

/// Levenshtein distances of `a` to every beginning of `b`, from the empty one to all of it.
fn distances(a: &[u8], b: &[u8]) -> Vec<usize> {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(word: &str, expected: Option<&str>) {
        assert_eq!(VOCABULARY.look_up(word).map(|(entry, _)| entry), expected);
    }

    #[test]
    fn words_match_as_they_are_by_their_stem_or_misread() {
        check("dna", Some("dna"));
        check("photosynthetic", Some("photosynth"));
        check("chlorop1ast", Some("chloroplast"));
        check("rnitochondria", Some("mitochondri"));
        check("denominat0rs", Some("denominator"));
        check("table", Some("table"));
        check("xyzzy", None);
        check("weather", Some("weather"));
    }

    #[test]
    fn every_line_of_the_built_in_vocabulary_is_understood() {
        let lines = include_str!("vocabulary.txt").lines().map(str::trim);
        for line in lines.filter(|line| !line.is_empty() && !line.starts_with(['#', '['])) {
            let weight = line.split_whitespace().next().unwrap();
            assert!(["0.5", "1", "2", "3"].contains(&weight), "{line}");
        }
        assert!(VOCABULARY.subjects().len() >= 7);
    }
}
