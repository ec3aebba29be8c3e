//! `GET /user/usage`

use axum::extract::State;

use super::view::DayView;
use crate::answer::{Answer, Listing, Success, success};
use crate::extract::{Caller, PageQuery, QueryOf};
use crate::state::Shared;

/// What models have cost for the caller, by day and model, the newest day first
///
/// A page holds `limit` days on which something was billed. Every answer that a provider bills is
/// counted, also those that were of no use, were cancelled, or came from a provider that was asked
/// because another one had failed. Figures grow as answers come in.
#[utoipa::path(
    get, path = "/user/usage", tag = "Profile",
    params(PageQuery),
    responses((status = 200, description = "A page of days.", body = Success<Listing<DayView>>)),
)]
pub(super) async fn own_usage(
    State(state): State<Shared>,
    Caller(user): Caller,
    QueryOf(page): QueryOf<PageQuery>,
) -> Answer<Listing<DayView>> {
    let days = state.spending.days(Some(user), page.request()).await?;
    success(Listing::page(days, DayView::from))
}
