//! `GET /auth/google/start`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};

use crate::error::{ApiError, failing};
use crate::state::Shared;

failing!(Failures: GoogleNotSetUp);

/// Send a browser to Google to sign in
///
/// A cookie ties the browser to the sign-in, which has to be finished within ten minutes.
#[utoipa::path(
    get, path = "/auth/google/start", tag = "Accounts",
    responses((status = 303, description = "On to Google.", headers(
        ("Location" = String, description = "Google's page."),
    )), Failures),
)]
pub(super) async fn start_google(State(state): State<Shared>) -> Result<Response, ApiError> {
    let (url, pending) = state.auth.start_google().await?;
    let cookies = state.cookies.at_google(&pending);
    let location = [(header::LOCATION, String::from(url))];
    Ok((StatusCode::SEE_OTHER, cookies, location).into_response())
}
