//! `GET /today/topic-stats`

use axum::extract::State;

use super::daily::DayView;
use crate::answer::{Answer, Success, success};
use crate::endpoints::today::or_today;
use crate::extract::Caller;
use crate::state::Shared;

/// Study time of today per topic, in sessions ended and going on
///
/// Today is the day in the user's time zone.
#[utoipa::path(
    get, path = "/today/topic-stats", tag = "Topics",
    responses((status = 200, description = "Today's study time.", body = Success<DayView>)),
)]
pub(super) async fn today_topic_stats(
    State(state): State<Shared>,
    Caller(user): Caller,
) -> Answer<DayView> {
    let date = or_today(&state, user, None).await?;
    success(state.topics.daily(user, date).await?.into())
}
