//! The last things seen on the desk, and when the tutor is told.

use std::collections::VecDeque;
use std::fmt::Write as _;

use chrono::TimeDelta;
use kernel::Timestamp;

use crate::ContextEntry;
use crate::client::ContextView;

const ENTRIES: usize = 5;
/// At most one update in this time; the newest wins.
const APART: TimeDelta = TimeDelta::seconds(1);
/// Without a picture for this long, what is known may no longer be on the desk.
const STALE_AFTER: TimeDelta = TimeDelta::seconds(30);

/// The window: newest first, no two alike.
#[derive(Default)]
pub(crate) struct Window {
    entries: VecDeque<ContextEntry>,
    /// Grows with every change of `entries`.
    version: u64,
    seen_at: Option<Timestamp>,
    /// What the model was told last.
    told: Option<(u64, View)>,
    told_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum View {
    Empty,
    Fresh,
    Stale,
}

impl Window {
    /// A picture was analyzed. `seen_at` is when it counts as seen.
    pub(crate) fn see(&mut self, entry: ContextEntry, topics: &[String], seen_at: Timestamp) {
        if !topics.contains(&entry.topic) {
            return;
        }
        if self
            .entries
            .front()
            .is_some_and(|newest| newest.at > entry.at)
        {
            return;
        }
        self.seen_at = self.seen_at.max(Some(seen_at));
        if self
            .entries
            .front()
            .is_some_and(|newest| alike(newest, &entry))
        {
            return;
        }
        self.entries.retain(|known| !alike(known, &entry));
        self.entries.push_front(entry);
        self.entries.truncate(ENTRIES);
        self.version += 1;
    }

    fn view(&self, now: Timestamp) -> View {
        match self.seen_at {
            None => View::Empty,
            Some(seen) if now - seen >= STALE_AFTER => View::Stale,
            Some(_) => View::Fresh,
        }
    }

    /// When the model has to be told next; a time not after `now` means at once.
    pub(crate) fn due(&self, now: Timestamp) -> Option<Timestamp> {
        if self.told != Some((self.version, self.view(now))) {
            let earliest = self.told_at.map_or(now, |told| told + APART);
            return (self.told.is_some() || !self.entries.is_empty()).then_some(earliest);
        }
        let fresh = self.view(now) == View::Fresh;
        self.seen_at
            .filter(|_| fresh)
            .map(|seen| seen + STALE_AFTER)
    }

    /// The words for the model, which count as told.
    pub(crate) fn tell(&mut self, now: Timestamp) -> String {
        let view = self.view(now);
        self.told = Some((self.version, view));
        self.told_at = Some(now);
        self.words(view)
    }

    /// The words for the model's first settings. They are no update: the next one need not wait.
    pub(crate) fn tell_first(&mut self, now: Timestamp) -> String {
        let words = self.tell(now);
        self.told_at = None;
        words
    }

    /// The model forgot what it was told: it is another one.
    pub(crate) const fn forget_told(&mut self) {
        self.told = None;
        self.told_at = None;
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(crate) fn entries(&self) -> Vec<ContextView> {
        let view = |entry: &ContextEntry| ContextView {
            topic: entry.topic.clone(),
            subtopic: entry.subtopic.clone(),
            at: entry.at,
        };
        self.entries.iter().map(view).collect()
    }

    fn words(&self, view: View) -> String {
        let mut words = String::from(match view {
            View::Empty => "Nothing of the student's desk has been seen yet.",
            View::Fresh => "On the student's desk, newest first:",
            View::Stale => {
                "The view is stale: no new picture came for a while, so the desk may have changed. \
                 Ask what the student looks at instead of guessing. Seen last, newest first:"
            }
        });
        for (number, entry) in self.entries.iter().enumerate() {
            words.push('\n');
            describe(&mut words, number + 1, entry);
        }
        words
    }
}

fn describe(words: &mut String, number: usize, entry: &ContextEntry) {
    let subtopic = entry.subtopic.as_deref().unwrap_or("no subtopic");
    let text: String = entry
        .text
        .chars()
        .take(ContextEntry::MAX_TEXT_CHARS)
        .collect();
    // Quoting keeps the page's words apart from ours. Writing to a string cannot fail.
    let _written = write!(words, "{number}. {} ({subtopic}): {text:?}", entry.topic);
}

fn alike(a: &ContextEntry, b: &ContextEntry) -> bool {
    (&a.topic, &a.subtopic, &a.text) == (&b.topic, &b.subtopic, &b.text)
}

#[cfg(test)]
mod tests {
    use kernel::UserId;
    use uuid::Uuid;

    use super::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + TimeDelta::milliseconds(ms)
    }

    fn see(window: &mut Window, topic: &str, text: &str, ms: i64) {
        let entry = ContextEntry {
            user: UserId::from_name("ada"),
            session: Uuid::from_u128(1).into(),
            event: Uuid::from_u128(2).into(),
            topic: topic.to_owned(),
            subtopic: None,
            text: text.to_owned(),
            at: at(ms),
        };
        window.see(entry, &["Bio".to_owned(), "Math".to_owned()], at(ms));
    }

    #[test]
    fn an_update_is_due_at_once_then_at_most_once_a_second_and_the_newest_wins() {
        let mut window = Window::default();
        see(&mut window, "Bio", "a", 0);
        assert_eq!(window.due(at(0)), Some(at(0)));
        window.tell(at(0));
        see(&mut window, "Bio", "b", 100);
        see(&mut window, "Bio", "c", 200);
        assert_eq!(window.due(at(200)), Some(at(1_000)));
        let told = window.tell(at(1_000));
        assert!(told.find("\"c\"") < told.find("\"b\""));
    }

    #[test]
    fn nothing_is_due_when_nothing_changed_or_the_topic_is_not_allowed() {
        let mut window = Window::default();
        see(&mut window, "History", "x", 0);
        assert_eq!(window.due(at(0)), None);
        see(&mut window, "Bio", "a", 0);
        window.tell(at(0));
        see(&mut window, "Bio", "a", 3_000);
        see(&mut window, "History", "x", 6_000);
        assert_eq!(
            window.due(at(6_000)),
            Some(at(33_000)),
            "when it will be stale"
        );
    }

    #[test]
    fn the_window_holds_the_five_newest_distinct() {
        let mut window = Window::default();
        for (n, text) in ["a", "b", "c", "a", "d", "e", "f"].into_iter().enumerate() {
            see(&mut window, "Math", text, i64::try_from(n).unwrap());
        }
        let told = window.tell(at(10));
        let places: Vec<_> = ["\"f\"", "\"e\"", "\"d\"", "\"a\"", "\"c\""]
            .map(|text| told.find(text).unwrap())
            .into();
        assert!(places.is_sorted());
        assert!(!told.contains("\"b\""));
    }

    #[test]
    fn after_thirty_seconds_the_view_is_stale_until_something_is_seen() {
        let mut window = Window::default();
        see(&mut window, "Bio", "a", 0);
        window.tell(at(0));
        assert!(window.due(at(30_000)) <= Some(at(30_000)));
        assert!(window.tell(at(30_000)).contains("stale"));
        assert_eq!(window.due(at(60_000)), None);
        see(&mut window, "Bio", "a", 60_000);
        assert!(!window.tell(at(60_000)).contains("stale"));
    }

    #[test]
    fn an_old_picture_that_comes_late_changes_nothing() {
        let mut window = Window::default();
        see(&mut window, "Bio", "new", 5_000);
        window.tell(at(5_000));
        see(&mut window, "Math", "old", 1_000);
        assert_eq!(window.due(at(5_000)), Some(at(35_000)));
    }
}
