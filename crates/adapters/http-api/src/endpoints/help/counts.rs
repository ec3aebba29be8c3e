//! `GET /help-count`

use axum::extract::State;
use chrono::{Days, NaiveDate};
use kernel::Date;
use serde::Serialize;
use topics::HelpCount;
use utoipa::{IntoParams, ToSchema};

use crate::answer::{Answer, Listing, Success, success};
use crate::endpoints::today::or_today;
use crate::error::ApiError;
use crate::extract::{Caller, FromQuery, QueryOf, QueryReader};
use crate::state::Shared;

/// Without `from`: 30 days, `to` included.
const DEFAULT_DAYS: u64 = 30;
/// A leap year.
const MAX_DAYS: u64 = 366;

/// Which days.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct RangeQuery {
    /// The first day; 29 days before `to` without it. At most 366 days are answered: a `from`
    /// further back counts as 365 days before `to`.
    #[param(value_type = String, format = Date, required = false)]
    from: Option<Date>,
    /// The last day, included; today in the user's time zone without it.
    #[param(value_type = String, format = Date, required = false)]
    to: Option<Date>,
}

impl FromQuery for RangeQuery {
    fn read(query: &mut QueryReader) -> Result<Self, ApiError> {
        Ok(Self {
            from: query.date("from")?,
            to: query.date("to")?,
        })
    }
}

/// How often help was asked for in one topic on one day.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HelpCountView {
    date: NaiveDate,
    /// Canonical topic.
    #[schema(example = "Bio")]
    topic: String,
    #[schema(minimum = 1)]
    count: i64,
}

impl From<HelpCount> for HelpCountView {
    fn from(row: HelpCount) -> Self {
        let HelpCount { date, topic, count } = row;
        Self {
            date,
            topic: topic.to_string(),
            count,
        }
    }
}

/// How often help was asked for, per day and topic
#[utoipa::path(
    get, path = "/help-count", tag = "Help",
    params(RangeQuery),
    responses((status = 200, description = "Days and topics with at least one request, by day and topic.", body = Success<Listing<HelpCountView>>)),
)]
pub(super) async fn help_counts(
    State(state): State<Shared>,
    Caller(user): Caller,
    QueryOf(range): QueryOf<RangeQuery>,
) -> Answer<Listing<HelpCountView>> {
    let last = or_today(&state, user, range.to).await?;
    let earliest = days_ending(last, MAX_DAYS);
    let first = range
        .from
        .unwrap_or(days_ending(last, DEFAULT_DAYS))
        .max(earliest);
    let counts = state.topics.help_counts(user, first, last).await?;
    success(Listing::whole(
        counts.into_iter().map(HelpCountView::from).collect(),
    ))
}

/// The first of so many days that end with `last`.
fn days_ending(last: Date, days: u64) -> Date {
    last.checked_sub_days(Days::new(days - 1))
        .unwrap_or(Date::MIN)
}
