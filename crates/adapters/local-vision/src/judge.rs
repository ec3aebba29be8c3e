//! Is there anything to study, and what is it called?

use sessions::ContentAnalysis;

use crate::subject::{Subject, classify};
use crate::text::{Line, Reading};

/// So many sure words are a text, whatever it is about.
const WORDS_OF_A_TEXT: usize = 20;
/// So many are enough where they clearly speak of a subject: a title, a whiteboard.
const WORDS_ON_A_SUBJECT: usize = 6;
const LONGEST_HEADING_WORDS: usize = 10;
/// Words up to this length stand in a heading without a capital ("and", "with").
const SMALL_WORD: usize = 4;
/// A running head stands in one of the first lines.
const LINES_OF_A_HEAD: usize = 4;

/// What a reading says of the photo. Where too little was read nothing is said: not studying, no
/// topic and no text.
pub(crate) fn judge(reading: &Reading) -> ContentAnalysis {
    let text = reading.text();
    let subject = classify(&text);
    let needed = if subject.is_some() {
        WORDS_ON_A_SUBJECT
    } else {
        WORDS_OF_A_TEXT
    };
    let is_studying = reading.sure_words() >= needed;
    let subject = subject.filter(|_| is_studying);
    ContentAnalysis {
        is_studying,
        is_active: is_studying,
        is_distracted: !is_studying,
        subtopic: subject.as_ref().and_then(|found| subtopic(reading, found)),
        topic: subject.map(|found| found.name.to_owned()),
        extracted_text: if is_studying { text } else { String::new() },
    }
    .cleaned()
}

/// The running head of the page, or else the word that speaks most for the subject.
fn subtopic(reading: &Reading, subject: &Subject) -> Option<String> {
    let filled = reading.lines().iter().filter(|line| !line.is_empty());
    let head = filled.take(LINES_OF_A_HEAD).find_map(heading);
    head.or_else(|| Some(subject.key_term.clone()))
        .filter(|label| !label.is_empty())
}

/// The line without its page number, if it looks like a title: a few words, surely read, all longer
/// ones with a capital, no end of a sentence.
fn heading(line: &Line) -> Option<String> {
    const SURE: f32 = 75.0;
    let text = line.text();
    let mut words: Vec<&str> = text.split(' ').collect();
    words.retain(|word| !is_page_number(word));
    let title = words.join(" ");
    let is_title = (1..=LONGEST_HEADING_WORDS).contains(&words.len())
        && words
            .iter()
            .all(|word| is_capital(word) || word.chars().count() <= SMALL_WORD)
        && words.first().is_some_and(|word| is_capital(word))
        && title.chars().filter(|c| c.is_alphabetic()).count() >= 4
        && line.confidence() >= SURE
        && !title.ends_with(['.', ',', ';', '-', '?']);
    is_title.then_some(title)
}

fn is_page_number(word: &str) -> bool {
    word.len() >= 2 && word.chars().all(|c| c.is_ascii_digit())
}

fn is_capital(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(lines: &[&str]) -> Reading {
        crate::text::tests::reading(lines, 90.0)
    }

    const MEMBRANES: &str = "the mitochondria and chloroplasts of eukaryotic cells have membranes";

    #[test]
    fn the_running_head_names_the_subtopic() {
        let judged = judge(&reading(&["Cell Structure 117", MEMBRANES]));
        assert_eq!(judged.topic.as_deref(), Some("Biology"));
        assert_eq!(judged.subtopic.as_deref(), Some("Cell Structure"));
        assert!(judged.is_studying && judged.is_active && !judged.is_distracted);
    }

    #[test]
    fn without_a_head_the_key_term_names_it() {
        let judged = judge(&reading(&[MEMBRANES]));
        assert!(judged.subtopic.is_some_and(|label| label.len() > 4));
    }

    #[test]
    fn where_nothing_can_be_read_nothing_is_said() {
        let judged = judge(&Reading::default());
        assert!(!judged.is_studying && judged.is_distracted);
        assert_eq!((judged.topic, judged.extracted_text.as_str()), (None, ""));
    }

    #[test]
    fn a_text_without_a_subject_is_studied_under_no_topic() {
        let judged = judge(&reading(&["De linzen wassen en laten weken"; 5]));
        assert!(judged.is_studying);
        assert_eq!((judged.topic, judged.subtopic), (None, None));
    }
}
