//! One analyzed image in a session.

use kernel::{EntryId, LearningEventId, SessionId, Timestamp, UserId};
use objects::ObjectKey;
use serde::{Deserialize, Serialize};
use topics::TopicName;

use crate::Session;

/// What vision says of one image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContentAnalysis {
    /// There is something to study in view.
    pub is_studying: bool,
    /// The student works on it: writing, solving, turning pages.
    pub is_active: bool,
    /// Attention is on something else.
    pub is_distracted: bool,
    /// Subject as vision names it; `None` when it cannot be told.
    pub topic: Option<String>,
    /// Finer label within the topic.
    pub subtopic: Option<String>,
    /// The text that can be read, in reading order; empty when there is none.
    pub extracted_text: String,
}

impl ContentAnalysis {
    /// The most characters of text that are kept of one image.
    pub const MAX_TEXT_CHARS: usize = 50_000;
    /// The most characters of a topic or subtopic that are kept.
    pub const MAX_LABEL_CHARS: usize = 200;

    /// The same analysis as it can be stored: control characters other than line breaks and tabs
    /// removed, lengths bounded, blank labels dropped.
    #[must_use]
    pub fn cleaned(self) -> Self {
        let label = |text: Option<String>| {
            let text = clean(&text.unwrap_or_default(), Self::MAX_LABEL_CHARS);
            (!text.is_empty()).then_some(text)
        };
        Self {
            topic: label(self.topic),
            subtopic: label(self.subtopic),
            extracted_text: clean(&self.extracted_text, Self::MAX_TEXT_CHARS),
            ..self
        }
    }
}

fn clean(text: &str, max_chars: usize) -> String {
    let kept = text
        .chars()
        .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'));
    kept.take(max_chars).collect::<String>().trim().to_owned()
}

/// One analyzed image as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LearningEvent {
    /// Its id, the API's `analysisId`.
    pub id: LearningEventId,
    /// Its session.
    pub session: SessionId,
    /// Whose it is.
    pub user: UserId,
    /// Where the image is kept.
    pub object: ObjectKey,
    /// When the picture was taken (rule 9 of study-time counting).
    pub captured_at: Timestamp,
    /// When the server received it.
    pub received_at: Timestamp,
    /// What vision said.
    pub content: ContentAnalysis,
    /// The canonical topic it counts for.
    pub topic: TopicName,
    /// The model that said it.
    pub model: String,
    /// The analysis was taken over from the frame before.
    pub reused: bool,
    /// Local OCR says otherwise of whether there is text.
    pub text_disputed: bool,
}

impl LearningEvent {
    /// The time its session was active because of it: the later of capture and receipt.
    pub fn active_at(&self) -> Timestamp {
        self.captured_at.max(self.received_at)
    }
}

/// A learning event to be recorded, and the session to start with it when the request named none.
/// Recording it again with the same ids changes nothing, so it can be kept and replayed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLearningEvent {
    /// The event.
    pub event: LearningEvent,
    /// Its ledger entry's id.
    pub entry_id: EntryId,
    /// The session it belongs to; it is created if it is not stored yet.
    pub session: Session,
    /// The id of that session's ledger entry, used if the session is created.
    pub session_entry_id: EntryId,
}
