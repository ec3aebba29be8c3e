//! `GET /user/profile`

use axum::extract::State;

use super::view::ProfileView;
use crate::answer::{Answer, Success, success};
use crate::extract::Caller;
use crate::state::Shared;

/// The caller's name and time zone
///
/// Who has told nothing yet has no name and the time zone UTC.
#[utoipa::path(
    get, path = "/user/profile", tag = "Profile",
    responses((status = 200, description = "The profile.", body = Success<ProfileView>)),
)]
pub(super) async fn get_profile(
    State(state): State<Shared>,
    Caller(user): Caller,
) -> Answer<ProfileView> {
    success(state.profiles.get(user).await?.into())
}
