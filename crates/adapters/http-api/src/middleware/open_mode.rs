//! In open mode whoever reaches the server is let in. A browser on the same machine reaches it on
//! behalf of any page it shows, so pages of others are refused, and so are names that somebody
//! else may have pointed here (DNS rebinding).

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::uri::Authority;
use http::{HeaderMap, Method, header};

use super::pages::{Pages, is_where_asked};
use crate::error::{ApiError, ErrorCode};
use crate::state::{Identity, Shared};

/// In open mode, refuses what a foreign page asks, and what is asked under a name that is not
/// ours. Programs tell no origin and go on working.
pub(crate) async fn no_foreign_page(
    State(state): State<Shared>,
    request: Request,
    next: Next,
) -> Response {
    let refused = match state.identity {
        Identity::Open { .. } => refusal(Pages::of(&state), request.method(), request.headers()),
        Identity::Secured => None,
    };
    match refused {
        None => next.run(request).await,
        Some(code) => ApiError::from(code).into_response(),
    }
}

fn refusal(pages: Pages<'_>, method: &Method, headers: &HeaderMap) -> Option<ErrorCode> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let is_ours = |host: &http::HeaderValue| {
        let host = host.to_str().ok();
        host.is_some_and(|host| is_our_host(pages, host))
    };
    if !hosts.all(is_ours) {
        return Some(ErrorCode::UnknownHost);
    }
    is_of_foreign_page(pages, method, headers).then_some(ErrorCode::ForeignPage)
}

/// Nobody can point an address or `localhost` elsewhere.
fn is_our_host(pages: Pages<'_>, host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else {
        return false;
    };
    let name = authority.host();
    let bare = name
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let is_address = bare.unwrap_or(name).parse::<IpAddr>().is_ok();
    let lower = name.to_ascii_lowercase();
    let is_local = lower == "localhost" || lower.ends_with(".localhost");
    is_address || is_local || pages.name_host(name)
}

fn is_of_foreign_page(pages: Pages<'_>, method: &Method, headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return comes_from_elsewhere(headers) && !is_visit(method, headers);
    };
    // Only what the host may be is known here, so a page of the same host is our own.
    let is_known = |origin: &str| {
        pages.lists(origin) || pages.is_own(origin, headers) || is_where_asked(origin, headers)
    };
    !origin.to_str().is_ok_and(is_known)
}

/// Fetch Metadata; programs do not send it.
fn comes_from_elsewhere(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site");
    site.is_some_and(|site| site != "same-origin" && site != "none")
}

/// Somebody follows a link, or comes back from Google: the page it was on cannot read the answer.
fn is_visit(method: &Method, headers: &HeaderMap) -> bool {
    let mode = headers.get("sec-fetch-mode");
    method.is_safe() && mode.is_some_and(|mode| mode == "navigate")
}
