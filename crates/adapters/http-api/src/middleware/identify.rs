//! Who is asking. A token that is not accepted is refused; it never turns into nobody.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::CookieJar;
use http::{HeaderMap, Method, header};
use kernel::UserId;

use super::pages::Pages;
use super::request_id::is_plain;
use crate::error::{ApiError, ErrorCode};
use crate::extract::{Caller, Member};
use crate::state::{AppState, Cookies, Identity, Shared};
use crate::voice::Visitor;

const USER_HEADER: &str = "x-user-id";
const MAX_USER_LENGTH: usize = 128;

/// Lets the request in as somebody, or refuses it. Handlers find a [`Caller`], and a [`Member`] if
/// there was a token.
pub(crate) async fn identify(
    State(state): State<Shared>,
    mut request: Request,
    next: Next,
) -> Response {
    match asking(&state, request.method(), request.headers()).await {
        Ok((caller, member)) => {
            tracing::Span::current().record("user_id", tracing::field::display(caller.0));
            request.extensions_mut().insert(caller);
            if let Some(member) = member {
                request.extensions_mut().insert(member);
            }
            next.run(request).await
        }
        Err(error) => error.into_response(),
    }
}

/// Leads whoever wants a WebSocket to the door. A browser asks for it with the cookies of its
/// user, whatever page it is for, and lets that page read: a foreign page gets no farther. Handlers
/// find a [`Visitor`], and a [`Caller`] if it is known who it is.
pub(crate) async fn identify_visitor(
    State(state): State<Shared>,
    mut request: Request,
    next: Next,
) -> Response {
    let visitor = match visiting(&state, request.headers()).await {
        Ok(visitor) => visitor,
        Err(error) => return error.into_response(),
    };
    let user = match &visitor {
        Visitor::Member { caller, .. } => Some(caller.user),
        Visitor::Named(user) => Some(*user),
        Visitor::Unknown => None,
    };
    if let Some(user) = user {
        tracing::Span::current().record("user_id", tracing::field::display(user));
        request.extensions_mut().insert(Caller(user));
    }
    request.extensions_mut().insert(visitor);
    next.run(request).await
}

async fn visiting(state: &AppState, headers: &HeaderMap) -> Result<Visitor, ApiError> {
    let (token, needs_own_page) = match presented(headers, state.cookies) {
        Presented::Malformed => return Err(ErrorCode::Unauthorized.into()),
        Presented::Nothing => return visiting_without_token(state, headers),
        Presented::Bearer(token) => (token, false),
        Presented::Cookie(token) => (token, true),
    };
    let caller = state.auth.authenticate(&token).await?;
    if needs_own_page && !Pages::of(state).may_use_cookie(headers) {
        return Err(ErrorCode::Forbidden.into());
    }
    Ok(Visitor::Member { token, caller })
}

/// In open mode no foreign page comes as far as this.
fn visiting_without_token(state: &AppState, headers: &HeaderMap) -> Result<Visitor, ApiError> {
    match &state.identity {
        Identity::Secured => Ok(Visitor::Unknown),
        Identity::Open { .. } => {
            let Caller(user) = without_token(&state.identity, headers)?;
            Ok(Visitor::Named(user))
        }
    }
}

/// Credentials as they were presented.
enum Presented {
    Nothing,
    Bearer(String),
    Cookie(String),
    Malformed,
}

async fn asking(
    state: &AppState,
    method: &Method,
    headers: &HeaderMap,
) -> Result<(Caller, Option<Member>), ApiError> {
    let member = match presented(headers, state.cookies) {
        Presented::Nothing => return Ok((without_token(&state.identity, headers)?, None)),
        Presented::Malformed => return Err(ErrorCode::Unauthorized.into()),
        Presented::Bearer(token) => state.auth.authenticate(&token).await?,
        Presented::Cookie(token) => {
            let member = state.auth.authenticate(&token).await?;
            if !method.is_safe() && !Pages::of(state).may_use_cookie(headers) {
                return Err(ErrorCode::Forbidden.into());
            }
            member
        }
    };
    Ok((Caller(member.user), Some(Member(member))))
}

/// The header wins over the cookie. Of several headers nobody knows which one a proxy has checked.
fn presented(headers: &HeaderMap, names: Cookies) -> Presented {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else {
        let cookies = CookieJar::from_headers(headers);
        let cookie = cookies.get(names.access());
        return cookie.map_or(Presented::Nothing, |cookie| {
            Presented::Cookie(cookie.value().to_owned())
        });
    };
    if values.next().is_some() {
        return Presented::Malformed;
    }
    let text = value.to_str().unwrap_or_default();
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
            Presented::Bearer(token.trim().to_owned())
        }
        _ => Presented::Malformed,
    }
}

fn without_token(identity: &Identity, headers: &HeaderMap) -> Result<Caller, ApiError> {
    let Identity::Open { default_user } = identity else {
        return Err(ErrorCode::Unauthorized.into());
    };
    let Some(name) = headers.get(USER_HEADER) else {
        return Ok(Caller(UserId::from_name(default_user)));
    };
    let name = name
        .to_str()
        .ok()
        .filter(|name| is_plain(name, MAX_USER_LENGTH));
    let must = "must be 1 to 128 visible ASCII characters";
    name.map(|name| Caller(UserId::from_name(name)))
        .ok_or_else(|| ApiError::invalid("X-User-Id", must))
}
