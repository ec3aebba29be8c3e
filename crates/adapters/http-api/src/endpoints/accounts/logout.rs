//! `POST /auth/logout`

use axum::extract::State;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;
use http::{HeaderMap, header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::{Success, success};
use crate::cookies::{REFRESH, SetCookies};
use crate::error::{ApiError, failing};
use crate::extract::{JsonBody, SecretText, Source};
use crate::state::Shared;

failing!(Failures: UnsupportedMediaType);

/// A refresh token, from those who have no cookie.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Leaving {
    #[schema(value_type = Option<String>)]
    refresh_token: Option<SecretText>,
}

/// Nobody is signed in here any more.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SignedOut {
    /// Always true: signing out twice is signing out.
    signed_out: bool,
}

/// Sign this device out
///
/// Ends what the presented tokens belong to: the access token of `Authorization`, the refresh
/// token of the body, and those of the cookies. Access tokens are refused from now on. One that
/// has expired signs its device out too; tokens that were signed out before change nothing.
#[utoipa::path(
    post, path = "/auth/logout", tag = "Accounts",
    request_body = Option<Leaving>,
    responses((status = 200, description = "The device is signed out.", body = Success<SignedOut>), Failures),
)]
pub(super) async fn log_out(
    State(state): State<Shared>,
    source: Source,
    jar: CookieJar,
    headers: HeaderMap,
    body: Option<JsonBody<Leaving>>,
) -> Result<(SetCookies, Success<SignedOut>), ApiError> {
    let given = body.and_then(|JsonBody(body)| body.refresh_token);
    let given = given.as_ref().map(|SecretText(token)| token.as_str());
    let cookie = |name| jar.get(name).map(Cookie::value);
    let kept = (cookie(REFRESH), cookie(state.cookies.access()));
    let presented = [(given, bearer(&headers)), kept];
    let origin = source.origin();
    for (refresh, access) in presented {
        state.auth.sign_out(refresh, access, &origin).await?;
    }
    let view = success(SignedOut { signed_out: true })?;
    Ok((state.cookies.signed_out(), view))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
