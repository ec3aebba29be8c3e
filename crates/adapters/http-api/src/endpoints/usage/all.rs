//! `GET /admin/usage`

use axum::extract::State;
use kernel::UserId;
use serde::Serialize;
use spending::DaySpending;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::view::DayView;
use crate::answer::{Answer, Listing, Success, success};
use crate::error::{ApiError, failing};
use crate::extract::{FromQuery, PageQuery, Permit, QueryOf, QueryReader, parse_id};
use crate::state::Shared;

failing!(Failures: Forbidden);

/// Of whom.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(super) struct Whose {
    /// Only what this user has cost.
    #[param(value_type = uuid::Uuid, required = false)]
    user_id: Option<UserId>,
}

impl FromQuery for Whose {
    fn read(query: &mut QueryReader) -> Result<Self, ApiError> {
        Ok(Self {
            user_id: query.parsed("userId", "must be a UUID", parse_id)?,
        })
    }
}

/// What models have cost for one user on one day.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct UserDayView {
    user_id: Uuid,
    #[serde(flatten)]
    day: DayView,
}

impl From<DaySpending> for UserDayView {
    fn from(day: DaySpending) -> Self {
        Self {
            user_id: day.user.uuid(),
            day: day.into(),
        }
    }
}

/// What models have cost, by day, user and model, the newest day first
///
/// Days are those of each user's time zone. Noted in the audit.
#[utoipa::path(
    get, path = "/admin/usage", tag = "Admin",
    params(Whose, PageQuery),
    responses((status = 200, description = "A page of users' days.", body = Success<Listing<UserDayView>>), Failures),
)]
pub(super) async fn all_usage(
    State(state): State<Shared>,
    Permit(permit): Permit,
    QueryOf((whose, page)): QueryOf<(Whose, PageQuery)>,
) -> Answer<Listing<UserDayView>> {
    state.admin.reads_usage(&permit, whose.user_id).await?;
    let days = state.spending.days(whose.user_id, page.request()).await?;
    success(Listing::page(days, UserDayView::from))
}
