//! Which day it is for a user.

use kernel::{Date, UserId, local_date};

use crate::error::ApiError;
use crate::state::AppState;

/// The given day, else today in the user's time zone.
pub(crate) async fn or_today(
    state: &AppState,
    user: UserId,
    day: Option<Date>,
) -> Result<Date, ApiError> {
    if let Some(day) = day {
        return Ok(day);
    }
    let zone = state.profiles.get(user).await?.zone;
    Ok(local_date(state.clock.now(), zone))
}
