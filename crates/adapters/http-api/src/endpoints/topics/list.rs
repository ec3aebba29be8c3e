//! `GET /topic`

use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Serialize;
use topics::{SubtopicSeen, TopicSeen};
use utoipa::ToSchema;

use crate::answer::{Answer, Listing, Success, success};
use crate::extract::Caller;
use crate::state::Shared;

/// A topic the user has studied.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TopicView {
    /// Canonical topic.
    #[schema(example = "Bio")]
    topic: String,
    last_seen_at: DateTime<Utc>,
    subtopics: Vec<SubtopicView>,
}

/// A finer label within a topic.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SubtopicView {
    #[schema(example = "Photosynthesis")]
    name: String,
    last_seen_at: DateTime<Utc>,
}

impl From<TopicSeen> for TopicView {
    fn from(seen: TopicSeen) -> Self {
        let TopicSeen {
            topic,
            last_seen_at,
            subtopics,
        } = seen;
        Self {
            topic: topic.to_string(),
            last_seen_at,
            subtopics: subtopics.into_iter().map(SubtopicView::from).collect(),
        }
    }
}

impl From<SubtopicSeen> for SubtopicView {
    fn from(seen: SubtopicSeen) -> Self {
        let SubtopicSeen { name, last_seen_at } = seen;
        Self { name, last_seen_at }
    }
}

/// The topics the user has studied, with subtopics, by name
#[utoipa::path(
    get, path = "/topic", tag = "Topics",
    responses((status = 200, description = "All topics.", body = Success<Listing<TopicView>>)),
)]
pub(super) async fn list_topics(
    State(state): State<Shared>,
    Caller(user): Caller,
) -> Answer<Listing<TopicView>> {
    let topics = state.topics.studied(user).await?;
    success(Listing::whole(
        topics.into_iter().map(TopicView::from).collect(),
    ))
}
