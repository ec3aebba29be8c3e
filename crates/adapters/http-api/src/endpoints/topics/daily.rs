//! `GET /topic/daily`

use axum::extract::State;
use chrono::NaiveDate;
use serde::Serialize;
use topics::DayStats;
use utoipa::ToSchema;

use crate::answer::{Answer, Success, success};
use crate::endpoints::today::or_today;
use crate::extract::{Caller, DayQuery, QueryOf};
use crate::state::Shared;
use crate::views::{TopicTotalsView, TotalsView, by_topic, sum};

/// Study time of one day.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DayView {
    date: NaiveDate,
    topics: Vec<TopicTotalsView>,
    totals: TotalsView,
}

impl From<DayStats> for DayView {
    fn from(day: DayStats) -> Self {
        let DayStats { date, stats } = day;
        Self {
            date,
            topics: by_topic(&stats),
            totals: sum(&stats),
        }
    }
}

/// Study time of a day per topic
///
/// Of today in the user's time zone, unless `date` names another day.
#[utoipa::path(
    get, path = "/topic/daily", tag = "Topics",
    params(DayQuery),
    responses((status = 200, description = "The day's study time.", body = Success<DayView>)),
)]
pub(super) async fn daily_topic_stats(
    State(state): State<Shared>,
    Caller(user): Caller,
    QueryOf(day): QueryOf<DayQuery>,
) -> Answer<DayView> {
    let date = or_today(&state, user, day.date).await?;
    success(state.topics.daily(user, date).await?.into())
}
