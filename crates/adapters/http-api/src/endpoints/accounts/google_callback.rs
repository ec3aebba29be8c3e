//! `GET /auth/google/callback`

use auth::PendingGoogle;
use axum::extract::State;
use axum::http::Uri;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::Cookie;
use url::form_urlencoded;
use utoipa::IntoParams;

use super::tokens::{Entered, SignedInView, enter_from_google};
use crate::answer::Success;
use crate::cookies::{GOOGLE, SetCookies};
use crate::error::{ApiError, ErrorCode, failing};
use crate::extract::Source;
use crate::state::{AppState, Shared};

failing!(
    Failures: GoogleTokenInvalid,
    AccountDisabled,
    GoogleNotSetUp,
    AccountNotVerified,
    OtherGoogleIdentity,
    TooManyAttempts,
);

/// What Google sends the browser back with; it may send more.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Return {
    /// Redeemed for the caller's identity.
    #[param(required = false)]
    code: String,
    /// As it was sent to Google.
    #[param(required = false)]
    state: String,
}

/// Sign in a browser that comes back from Google
///
/// The tokens are set as cookies. A sign-in that this browser has not begun, or that was refused
/// at Google's, is answered as an invalid token.
#[utoipa::path(
    get, path = "/auth/google/callback", tag = "Accounts", params(Return),
    responses((status = 200, description = "The caller is signed in.", body = Success<SignedInView>), Failures),
)]
pub(super) async fn finish_google(
    State(state): State<Shared>,
    source: Source,
    jar: CookieJar,
    uri: Uri,
) -> Result<(SetCookies, Success<SignedInView>), (SetCookies, ApiError)> {
    let ended = state.cookies.back_from_google();
    match finish(&state, &source, &jar, &uri).await {
        Ok((cookies, view)) => Ok((ended.and(cookies), view)),
        Err(error) => Err((ended, error)),
    }
}

async fn finish(state: &AppState, source: &Source, jar: &CookieJar, uri: &Uri) -> Entered {
    let pending = jar.get(GOOGLE).map(Cookie::value);
    let pending = pending.and_then(PendingGoogle::from_cookie);
    let back = Return::read(uri.query().unwrap_or_default());
    let (Some(pending), Some(back)) = (pending, back) else {
        return Err(ErrorCode::GoogleTokenInvalid.into());
    };
    let proof = (back.code.as_str(), back.state.as_str());
    let origin = source.origin();
    let signed_in = state.auth.finish_google(proof, &pending, &origin).await?;
    enter_from_google(state, &signed_in).await
}

impl Return {
    fn read(query: &str) -> Option<Self> {
        let parameter = |wanted| {
            let mut all = form_urlencoded::parse(query.as_bytes());
            all.find(|(name, _)| name == wanted)
                .map(|(_, value)| value.into_owned())
        };
        Some(Self {
            code: parameter("code")?,
            state: parameter("state")?,
        })
    }
}
