//! The table.

use topics::AliasTable;

use super::errors::{folded, wrong};
use super::subject::Seen;
use super::truth::Truth;

/// One file, looked at.
pub(super) struct Row {
    truth: Truth,
    seen: Seen,
    characters: usize,
    wrong: usize,
    plain_wrong: usize,
}

impl Row {
    /// Compares what was seen, and what plain reading gave, with what stands there.
    pub(super) fn new(truth: Truth, seen: Seen, plain: &str) -> Self {
        Self {
            characters: folded(&truth.text).len(),
            wrong: wrong(&truth.text, &seen.extracted_text),
            plain_wrong: wrong(&truth.text, plain),
            truth,
            seen,
        }
    }

    /// What was read.
    pub(super) fn text(&self) -> &str {
        &self.seen.extracted_text
    }

    fn has_right_subject(&self) -> bool {
        let table = AliasTable::default();
        let seen = table.canonical(self.seen.topic.as_deref());
        seen == table.canonical(self.truth.subject.as_deref())
    }

    fn has_right_studying(&self) -> bool {
        self.truth
            .studying
            .is_none_or(|studying| studying == self.seen.is_studying)
    }
}

/// The columns' names.
pub(super) fn head() {
    println!(
        "{:<15} {:<11} {:<11} {:<9} {:>6} {:>7} {:>7} {:>6} {:>6}  subtopic seen | expected",
        "file", "subject", "expected", "studying", "chars", "ours %", "plain %", "ratio", "CPU s"
    );
}

/// One file's line.
pub(super) fn print(row: &Row) {
    let table = AliasTable::default();
    let seconds = row.seen.seconds;
    println!(
        "{:<15} {:<11.11} {:<11.11} {:<9} {:>6} {:>7} {:>7} {:>6} {:>6}  {:.40} | {:.40}",
        row.truth.file,
        table.canonical(row.seen.topic.as_deref()).as_str(),
        table.canonical(row.truth.subject.as_deref()).as_str(),
        studying(row),
        row.characters,
        percent(row.wrong, row.characters),
        percent(row.plain_wrong, row.characters),
        ratio(row.wrong, row.plain_wrong),
        seconds.map_or("-".to_owned(), |seconds| format!("{seconds:.2}")),
        row.seen.subtopic.as_deref().unwrap_or("-"),
        row.truth.subtopic.as_deref().unwrap_or("-"),
    );
}

/// The sums, and what must hold.
pub(super) fn foot(rows: &[Row]) {
    let pages = || rows.iter().filter(|row| row.truth.is_page());
    let right = pages().filter(|row| row.has_right_subject()).count();
    println!("\nsubject right on {right} of {} pages", pages().count());
    let misjudged = rows.iter().filter(|row| !row.has_right_studying());
    let misjudged: Vec<&str> = misjudged.map(|row| row.truth.file.as_str()).collect();
    println!("studying judged wrong: {}", listed(&misjudged));
    let invented = rows
        .iter()
        .filter(|row| row.truth.is_blank() && !row.text().is_empty());
    let invented: Vec<&str> = invented.map(|row| row.truth.file.as_str()).collect();
    println!("text invented where there is none: {}", listed(&invented));
    sum("pages", pages());
    sum(
        "photos with text",
        rows.iter().filter(|row| !row.truth.is_page()),
    );
    sum("all", rows.iter());
}

fn sum<'a>(name: &str, rows: impl Iterator<Item = &'a Row>) {
    let rows: Vec<&Row> = rows.filter(|row| row.characters > 0).collect();
    let characters = rows.iter().map(|row| row.characters).sum();
    if characters == 0 {
        return;
    }
    let ours = rows.iter().map(|row| row.wrong).sum();
    let plain = rows.iter().map(|row| row.plain_wrong).sum();
    println!(
        "{name}: {ours} of {characters} characters wrong ({} %), plain {plain} ({} %), ratio {}",
        percent(ours, characters),
        percent(plain, characters),
        ratio(ours, plain),
    );
}

fn studying(row: &Row) -> String {
    let seen = if row.seen.is_studying { "yes" } else { "no" };
    let mark = if row.has_right_studying() { "" } else { " (!)" };
    format!("{seen}{mark}")
}

fn listed(names: &[&str]) -> String {
    if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    }
}

fn percent(part: usize, whole: usize) -> String {
    quotient(part, whole).map_or("-".to_owned(), |share| format!("{:.1}", share * 100.0))
}

fn ratio(ours: usize, plain: usize) -> String {
    quotient(ours, plain).map_or("-".to_owned(), |ratio| format!("{ratio:.2}"))
}

fn quotient(part: usize, whole: usize) -> Option<f64> {
    let exact = |count: usize| u32::try_from(count).map_or(f64::MAX, f64::from);
    (whole > 0).then(|| exact(part) / exact(whole))
}
