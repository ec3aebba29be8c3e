//! Votes of words, counted.

use std::collections::HashMap;

use super::vocabulary::{VOCABULARY, Vote};

/// Below this score a text is not said to have a subject: about three typical words.
const LEAST_SCORE: f32 = 6.0;

/// The subject of a text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Subject {
    /// Its name, such as "Biology".
    pub(crate) name: &'static str,
    /// The weighted votes for it, at least 6; the longer the text the more.
    pub(crate) score: f32,
    /// The word of the text that speaks for it the most, as it is most often written.
    pub(crate) key_term: String,
}

/// The subject that most words of `text` speak for. A word that returns counts by the logarithm of
/// how often it does, so that no single word decides. Equations count for mathematics.
pub(crate) fn classify(text: &str) -> Option<Subject> {
    let matches = matched(text);
    let mut scores = vec![0.0_f32; VOCABULARY.subjects().len()];
    for found in matches.values() {
        for vote in found.votes {
            scores[vote.subject] += vote.weight * found.repeats();
        }
    }
    if let Some(index) = VOCABULARY
        .subjects()
        .iter()
        .position(|s| *s == "Mathematics")
    {
        scores[index] += equations(text);
    }
    let (best, score) = scores
        .into_iter()
        .enumerate()
        .max_by(|a, b| a.1.total_cmp(&b.1))?;
    (score >= LEAST_SCORE).then(|| Subject {
        name: VOCABULARY.subjects()[best],
        score,
        key_term: key_term(&matches, best),
    })
}

struct Found<'a> {
    votes: &'static [Vote],
    spellings: Vec<&'a str>,
}

impl Found<'_> {
    fn repeats(&self) -> f32 {
        let times = u16::try_from(self.spellings.len()).unwrap_or(u16::MAX);
        1.0 + f32::from(times).ln()
    }
}

/// The vocabulary entries found in the text, each with the words that matched it.
fn matched(text: &str) -> HashMap<&'static str, Found<'_>> {
    let mut matches: HashMap<_, Found<'_>> = HashMap::new();
    let mut known: HashMap<String, Option<(&'static str, &'static [Vote])>> = HashMap::new();
    for word in words(text) {
        let lower = word.to_ascii_lowercase();
        let looked_up = *known
            .entry(lower)
            .or_insert_with_key(|lower| VOCABULARY.look_up(lower));
        if let Some((entry, votes)) = looked_up {
            let found = matches.entry(entry).or_insert(Found {
                votes,
                spellings: Vec::new(),
            });
            found.spellings.push(word);
        }
    }
    matches
}

/// ASCII words, with hyphens inside.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let part_of_word = |c: char| c.is_ascii_alphanumeric() || c == '-';
    text.split(move |c| !part_of_word(c))
        .map(|word| word.trim_matches('-'))
        .filter(|word| !word.is_empty())
}

/// Signs of equations, weighed like words: many of them speak clearly, one or two hardly.
fn equations(text: &str) -> f32 {
    let signs = text
        .chars()
        .filter(|c| matches!(c, '=' | '+' | '√' | '∑' | '∫' | '≤' | '≥' | '×' | '÷' | '^'))
        .count();
    2.0 * f32::from(u16::try_from(signs).unwrap_or(u16::MAX)).ln_1p()
}

fn key_term(matches: &HashMap<&'static str, Found<'_>>, subject: usize) -> String {
    let worth = |found: &Found<'_>| {
        let votes = found.votes.iter().filter(|vote| vote.subject == subject);
        votes.map(|vote| vote.weight * vote.weight).sum::<f32>() * found.repeats()
    };
    let best = matches.iter().max_by(|a, b| {
        // The entry itself decides between equals, so that the answer does not depend on hashing.
        worth(a.1).total_cmp(&worth(b.1)).then_with(|| b.0.cmp(a.0))
    });
    best.and_then(|(_, found)| most_frequent(&found.spellings))
        .unwrap_or_default()
}

/// The most frequent spelling in lower case with a capital first letter.
fn most_frequent(spellings: &[&str]) -> Option<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for spelling in spellings {
        *counts.entry(spelling.to_ascii_lowercase()).or_default() += 1;
    }
    let (word, _) = counts
        .into_iter()
        .max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)))?;
    let (first, rest) = word.split_at_checked(1)?;
    Some(first.to_ascii_uppercase() + rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(
            classify(text).map(|subject| subject.name),
            expected,
            "{text}"
        );
    }

    #[test]
    fn typical_sentences_are_told_apart() {
        check(
            "Ribosomes in the cytoplasm translate mRNA into protein chains.",
            Some("Biology"),
        );
        check(
            "Solve the equation by factoring the trinomial: x^2 + 5x + 6 = 0.",
            Some("Mathematics"),
        );
        check(
            "Place the comma before the conjunction that joins two clauses.",
            Some("English"),
        );
        check(
            "Balance the reaction and give the moles of each reactant in solution.",
            Some("Chemistry"),
        );
        check(
            "A net force gives the mass an acceleration along the velocity.",
            Some("Physics"),
        );
        check(
            "The compiler stores the array on the heap and the pointer on the stack.",
            Some("Computer science"),
        );
        check(
            "The treaty ended the war and the emperor lost his colonies.",
            Some("History"),
        );
        check(
            "I looked upon her face with despair; my heart was cold, and tears fell from my eyes \
             as she replied that he had wandered into the night.",
            Some("English"),
        );
    }

    #[test]
    fn misread_words_still_count() {
        check(
            "Ch1oroplasts and mitochondna and eukaryotjc orgauelles",
            Some("Biology"),
        );
    }

    #[test]
    fn a_text_without_subject_words_has_no_subject() {
        check("", None);
        check("4 ons linzen 3 liter water bloem, boter, laurier", None);
        check("Please wipe your shoes", None);
    }

    #[test]
    fn the_key_term_is_a_word_of_the_text() {
        let subject = classify("Mitosis follows interphase. In mitosis, chromatids part.").unwrap();
        assert_eq!(subject.key_term, "Mitosis");
    }
}
