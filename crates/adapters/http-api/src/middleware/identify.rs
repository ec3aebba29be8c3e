//! Who is asking. A token that is not accepted is refused; it never turns into nobody.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use http::{HeaderMap, Method, header};
use kernel::UserId;

use super::origin::may_use_cookie;
use super::request_id::is_plain;
use crate::error::{ApiError, ErrorCode};
use crate::extract::Caller;
use crate::ports::TokenFault;
use crate::state::{AppState, Identity, Shared};

const COOKIE: &str = "auth_token";
const USER_HEADER: &str = "x-user-id";
const MAX_USER_LENGTH: usize = 128;

/// Lets the request in as somebody, or refuses it.
pub(crate) async fn identify(
    State(state): State<Shared>,
    mut request: Request,
    next: Next,
) -> Response {
    match caller(&state, request.method(), request.headers()).await {
        Ok(user) => {
            tracing::Span::current().record("user_id", tracing::field::display(user));
            request.extensions_mut().insert(Caller(user));
            next.run(request).await
        }
        Err(error) => error.into_response(),
    }
}

/// Credentials as they were presented.
enum Presented {
    Nothing,
    Bearer(String),
    Cookie(String),
    Malformed,
}

async fn caller(
    state: &AppState,
    method: &Method,
    headers: &HeaderMap,
) -> Result<UserId, ApiError> {
    match presented(headers) {
        Presented::Nothing => without_token(&state.identity, headers),
        Presented::Bearer(token) => by_token(state, &token).await,
        Presented::Cookie(token) => {
            let user = by_token(state, &token).await?;
            let is_allowed = method.is_safe() || may_use_cookie(headers, &state.cors);
            is_allowed
                .then_some(user)
                .ok_or_else(|| ErrorCode::Forbidden.into())
        }
        Presented::Malformed => Err(ErrorCode::Unauthorized.into()),
    }
}

/// The header wins over the cookie.
fn presented(headers: &HeaderMap) -> Presented {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        let cookies = CookieJar::from_headers(headers);
        let cookie = cookies.get(COOKIE);
        return cookie.map_or(Presented::Nothing, |cookie| {
            Presented::Cookie(cookie.value().to_owned())
        });
    };
    let text = value.to_str().unwrap_or_default();
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
            Presented::Bearer(token.trim().to_owned())
        }
        _ => Presented::Malformed,
    }
}

async fn by_token(state: &AppState, token: &str) -> Result<UserId, ApiError> {
    let tokens = state.tokens.as_ref().ok_or(ErrorCode::Unauthorized)?;
    tokens.check(token).await.map_err(|fault| match fault {
        TokenFault::Invalid => ErrorCode::Unauthorized.into(),
        TokenFault::Port(error) => error.into(),
    })
}

fn without_token(identity: &Identity, headers: &HeaderMap) -> Result<UserId, ApiError> {
    let Identity::Open { default_user } = identity else {
        return Err(ErrorCode::Unauthorized.into());
    };
    let Some(name) = headers.get(USER_HEADER) else {
        return Ok(UserId::from_name(default_user));
    };
    let name = name
        .to_str()
        .ok()
        .filter(|name| is_plain(name, MAX_USER_LENGTH));
    let must = "must be 1 to 128 visible ASCII characters";
    name.map(UserId::from_name)
        .ok_or_else(|| ApiError::invalid("X-User-Id", must))
}
