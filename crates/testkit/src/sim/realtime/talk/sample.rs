//! What the model says where no script says it: words that show what it was told.

use super::Talk;

const SAID: usize = 100;
const TOLD: usize = 160;

impl Talk {
    /// What the student said last.
    pub(super) fn said(&self) -> String {
        let items = self.items.all().iter();
        let last = items.rev().find(|item| item.role() == "user");
        last.map(|item| item.words.clone()).unwrap_or_default()
    }

    /// The student's words, the last of what a function or a system message told, and the end of
    /// the instructions.
    pub(super) fn sample(&self, instructions: &str) -> String {
        let said = format!("You said: {}", tail(&self.said(), SAID));
        let told = self
            .items
            .all()
            .iter()
            .rev()
            .find(|item| item.role() == "system" || item.kind() == "function_call_output");
        let known = told.map(|told| format!("I know: {}", tail(&told.words, TOLD)));
        let ordered = format!("I was told: {}", tail(instructions, TOLD));
        let words = [Some(said), known, Some(ordered)];
        words.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// The last so many characters.
fn tail(text: &str, characters: usize) -> &str {
    let skipped = text.chars().count().saturating_sub(characters);
    let begin = text.char_indices().nth(skipped);
    begin.map_or("", |(at, _)| text[at..].trim())
}
