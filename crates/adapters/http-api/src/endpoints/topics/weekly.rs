//! `GET /topic/weekly`

use axum::extract::State;
use chrono::NaiveDate;
use kernel::Date;
use serde::Serialize;
use topics::{Stats, WeekStats};
use utoipa::{IntoParams, ToSchema};

use crate::answer::{Answer, Success, success};
use crate::endpoints::today::or_today;
use crate::error::ApiError;
use crate::extract::{Caller, FromQuery, QueryOf, QueryReader};
use crate::state::Shared;
use crate::views::{DayTopicsView, TopicTotalsView, by_topic};

/// Which week.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(super) struct WeekQuery {
    /// Any day of the week; the last week is that of 9999-12-26.
    #[param(value_type = String, format = Date, required = false)]
    week_of: Option<Date>,
}

impl FromQuery for WeekQuery {
    fn read(query: &mut QueryReader) -> Result<Self, ApiError> {
        Ok(Self {
            week_of: query.date("weekOf")?,
        })
    }
}

/// Study time of one week.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct WeekView {
    /// Its Monday.
    week_of: NaiveDate,
    /// Of the whole week.
    totals: Vec<TopicTotalsView>,
    /// Monday to Sunday.
    #[schema(min_items = 7, max_items = 7)]
    daily_breakdown: Vec<DayTopicsView>,
}

impl From<WeekStats> for WeekView {
    fn from(week: WeekStats) -> Self {
        let WeekStats { monday, days } = week;
        let mut all = Stats::default();
        for day in &days {
            all.merge(&day.stats);
        }
        Self {
            week_of: monday,
            totals: by_topic(&all),
            daily_breakdown: days.into_iter().map(DayTopicsView::from).collect(),
        }
    }
}

/// Study time of a week per topic, and of each of its days
///
/// Of the week today lies in, unless `weekOf` names a day of another.
#[utoipa::path(
    get, path = "/topic/weekly", tag = "Topics",
    params(WeekQuery),
    responses((status = 200, description = "The week's study time, Monday first.", body = Success<WeekView>)),
)]
pub(super) async fn weekly_topic_stats(
    State(state): State<Shared>,
    Caller(user): Caller,
    QueryOf(query): QueryOf<WeekQuery>,
) -> Answer<WeekView> {
    let day = or_today(&state, user, query.week_of).await?;
    success(
        state
            .topics
            .weekly(user, within_four_digits(day))
            .await?
            .into(),
    )
}

/// The last day whose week does not reach into the year 10000, which has no four-digit form.
const LAST_DAY: Option<Date> = NaiveDate::from_ymd_opt(9999, 12, 26);

fn within_four_digits(day: Date) -> Date {
    LAST_DAY.map_or(day, |last| day.min(last))
}
