//! Characters that are wrong.

/// What many fonts draw alike, as one sign; the same for what is on the page and for every reader.
fn fold(c: char) -> char {
    match c {
        '“' | '”' | '„' | '″' | '«' | '»' => '"',
        '‘' | '’' | '′' | '`' => '\'',
        '–' | '—' | '−' | '‐' | '‑' => '-',
        '•' | '·' | '●' | '∙' => '*',
        _ => c,
    }
}

/// The text with every run of white space as one space, and typographic marks folded.
pub(super) fn folded(text: &str) -> Vec<char> {
    let spelled = text
        .replace('ﬁ', "fi")
        .replace('ﬂ', "fl")
        .replace('…', "...");
    let words: Vec<&str> = spelled.split_whitespace().collect();
    words.join(" ").chars().map(fold).collect()
}

/// The least number of characters to insert, delete or replace to make `read` of `truth`, after
/// folding both.
pub(super) fn wrong(truth: &str, read: &str) -> usize {
    let (truth, read) = (folded(truth), folded(read));
    let mut row: Vec<usize> = (0..=read.len()).collect();
    for (i, expected) in truth.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, seen) in read.iter().enumerate() {
            let replaced = diagonal + usize::from(expected != seen);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[read.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_and_marks_do_not_count() {
        assert_eq!(wrong("“To  be”—or\nnot", "\"To be\"-or not"), 0);
    }

    #[test]
    fn each_inserted_deleted_or_replaced_character_counts_once() {
        assert_eq!(wrong("kitten", "sitting"), 3);
        assert_eq!(wrong("cell", ""), 4);
        assert_eq!(wrong("", "cell"), 4);
    }
}
