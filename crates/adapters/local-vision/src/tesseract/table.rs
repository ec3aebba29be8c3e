//! The reader's answer: a table of tab-separated columns, one row for each thing found.

/// One word as it was read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Word {
    /// Its letters, not blank.
    pub(crate) text: String,
    /// How sure the reader is, 0 to 100.
    pub(crate) confidence: f32,
    /// The picture it stands in, counted from 0.
    pub(crate) picture: usize,
    /// Block, paragraph and line in the picture; words of one line have the same.
    pub(crate) line: (u32, u32, u32),
}

/// The rows that are words; rows for blocks and lines, and what is no row at all, are passed over.
pub(crate) fn words(table: &str) -> Vec<Word> {
    table.lines().filter_map(word).collect()
}

fn word(row: &str) -> Option<Word> {
    const WORD_LEVEL: &str = "5";
    let columns: Vec<&str> = row.splitn(12, '\t').collect();
    let [
        level,
        page,
        block,
        paragraph,
        line,
        _,
        _,
        _,
        _,
        _,
        confidence,
        text,
    ] = columns[..]
    else {
        return None;
    };
    let text = text.trim();
    if level != WORD_LEVEL || text.is_empty() {
        return None;
    }
    Some(Word {
        text: text.to_owned(),
        confidence: confidence.parse().ok()?,
        picture: page.parse::<usize>().ok()?.saturating_sub(1),
        line: (
            block.parse().ok()?,
            paragraph.parse().ok()?,
            line.parse().ok()?,
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_are_taken_from_the_table() {
        let table = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n\
            4\t1\t2\t1\t3\t0\t10\t20\t300\t30\t-1\t\n\
            5\t1\t2\t1\t3\t1\t10\t22\t50\t28\t96.5\tcell\n\
            5\t1\t2\t1\t3\t2\t70\t22\t50\t28\t95\t \n\
            broken row\n";
        let read = words(table);
        assert_eq!(read.len(), 1);
        assert_eq!((read[0].text.as_str(), read[0].line), ("cell", (2, 1, 3)));
        assert!((read[0].confidence - 96.5).abs() < f32::EPSILON);
    }
}
