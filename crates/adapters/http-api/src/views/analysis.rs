//! Analyzed and stored images.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sessions::ContentAnalysis;
use topics::TopicName;
use utoipa::ToSchema;
use uuid::Uuid;
use vision::{Analyzed, StoredImage};

/// A stored image.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StoredView {
    /// Names the image in other calls.
    #[schema(
        example = "uploads/0197a1b2-0000-7000-8000-000000000001/2026/03/01/0197a1b2-0000-7000-8000-000000000002.jpg"
    )]
    s3_key: String,
    /// A link to the image that works for an hour without any other credential.
    #[schema(format = "uri")]
    s3_url: String,
}

/// An analyzed image.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AnalyzedView {
    /// The session it belongs to; a new one if the request named none.
    session_id: Uuid,
    /// Names the image in other calls.
    s3_key: String,
    /// A link to the image that works for an hour without any other credential.
    #[schema(format = "uri")]
    s3_url: String,
    analysis: AnalysisView,
    /// The learning event; null while the database has not confirmed it. It is then written later.
    #[schema(required = true)]
    analysis_id: Option<Uuid>,
    /// When the server received the image.
    uploaded_at: DateTime<Utc>,
}

/// What was understood of an image.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AnalysisView {
    content_analysis: ContentView,
    /// The canonical topic its time counts for.
    #[schema(example = "Bio")]
    topic_enum: String,
    /// The model that saw it.
    model: String,
    /// The analysis was taken over from the frame before.
    reused: bool,
    /// The server's own reader says otherwise of whether there is text; left out where it agrees or
    /// was not asked.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    text_disputed: bool,
}

/// What is to be known of an analysis besides what it says.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Marks {
    pub(crate) reused: bool,
    pub(crate) text_disputed: bool,
}

/// What vision says of an image.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ContentView {
    /// There is something to study in view.
    is_studying: bool,
    /// The student works on it.
    is_active: bool,
    /// Attention is on something else.
    is_distracted: bool,
    /// Subject as vision names it; null when it cannot be told.
    #[schema(required = true, example = "Biology")]
    topic: Option<String>,
    /// Finer label within the topic.
    #[schema(required = true, example = "Photosynthesis")]
    subtopic: Option<String>,
    /// The text that can be read, in reading order; empty when there is none.
    extracted_text: String,
}

impl From<StoredImage> for StoredView {
    fn from(image: StoredImage) -> Self {
        let StoredImage { key, link } = image;
        Self {
            s3_key: key.to_string(),
            s3_url: link.url.into(),
        }
    }
}

impl From<Analyzed> for AnalyzedView {
    fn from(analyzed: Analyzed) -> Self {
        let Analyzed {
            session,
            stored,
            content,
            topic,
            model,
            reused,
            text_disputed,
            event,
            received_at,
        } = analyzed;
        let StoredView { s3_key, s3_url } = stored.into();
        let marks = Marks {
            reused,
            text_disputed,
        };
        Self {
            session_id: session.uuid(),
            s3_key,
            s3_url,
            analysis: AnalysisView::new(content, &topic, model, marks),
            analysis_id: event.map(kernel::LearningEventId::uuid),
            uploaded_at: received_at,
        }
    }
}

impl AnalysisView {
    pub(crate) fn new(
        content: ContentAnalysis,
        topic: &TopicName,
        model: String,
        marks: Marks,
    ) -> Self {
        let Marks {
            reused,
            text_disputed,
        } = marks;
        Self {
            content_analysis: content.into(),
            topic_enum: topic.to_string(),
            model,
            reused,
            text_disputed,
        }
    }
}

impl From<ContentAnalysis> for ContentView {
    fn from(content: ContentAnalysis) -> Self {
        let ContentAnalysis {
            is_studying,
            is_active,
            is_distracted,
            topic,
            subtopic,
            extracted_text,
        } = content;
        Self {
            is_studying,
            is_active,
            is_distracted,
            topic,
            subtopic,
            extracted_text,
        }
    }
}
