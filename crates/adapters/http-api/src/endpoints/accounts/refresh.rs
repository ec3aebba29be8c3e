//! `POST /auth/refresh`

use axum::extract::State;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;
use serde::Deserialize;
use utoipa::ToSchema;

use super::tokens::TokensView;
use crate::answer::{Success, success};
use crate::cookies::{REFRESH, SetCookies};
use crate::error::{ApiError, ErrorCode, failing};
use crate::extract::{JsonBody, SecretText, Source};
use crate::state::{AppState, Shared};

failing!(Failures: RefreshInvalid, RefreshReused, UnsupportedMediaType);

/// A refresh token, from those who have no cookie.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Refresh {
    /// Wins over the cookie.
    #[schema(value_type = Option<String>)]
    refresh_token: Option<SecretText>,
}

/// Swap a refresh token for the next pair of tokens
///
/// Sent again within ten seconds it gives another pair. After that its whole family is signed out:
/// one of two holders is a thief.
#[utoipa::path(
    post, path = "/auth/refresh", tag = "Accounts",
    request_body = Option<Refresh>,
    responses((status = 200, description = "The next pair.", body = Success<TokensView>), Failures),
)]
pub(super) async fn refresh(
    State(state): State<Shared>,
    source: Source,
    jar: CookieJar,
    body: Option<JsonBody<Refresh>>,
) -> Result<(SetCookies, Success<TokensView>), (SetCookies, ApiError)> {
    let failed = |error| (SetCookies::default(), error);
    let given = body.and_then(|JsonBody(body)| body.refresh_token);
    if let Some(SecretText(token)) = given {
        return swap(&state, &token, &source).await.map_err(failed);
    }
    let kept = jar.get(REFRESH).map(Cookie::value);
    let swapped = swap(&state, kept.unwrap_or_default(), &source).await;
    swapped.map_err(|error| match error.code {
        ErrorCode::RefreshInvalid | ErrorCode::RefreshReused => (state.cookies.signed_out(), error),
        _ => failed(error),
    })
}

/// Text of another form, the empty one too, is no token.
async fn swap(
    state: &AppState,
    token: &str,
    source: &Source,
) -> Result<(SetCookies, Success<TokensView>), ApiError> {
    let tokens = state.auth.refresh(token, &source.origin()).await?;
    let cookies = state.cookies.signed_in(&tokens, state.auth.rules());
    Ok((cookies, success(TokensView::from(&tokens))?))
}
