//! Whether a page may use, or set, the cookies of its visitor.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, header};
use url::Url;

use crate::error::{ApiError, ErrorCode};
use crate::state::{CorsOrigins, Shared};

/// Refuses unsafe calls of foreign pages. Around routes that set cookies: a page must neither sign
/// its visitor in as somebody else nor out.
pub(crate) async fn own_pages(
    State(state): State<Shared>,
    request: Request,
    next: Next,
) -> Response {
    if request.method().is_safe() || may_use_cookie(request.headers(), &state.cors) {
        next.run(request).await
    } else {
        ApiError::from(ErrorCode::Forbidden).into_response()
    }
}

/// Browsers tell the page's origin with every unsafe request; a request that tells none, and does
/// not look like a browser's, comes from no page. Same origin or listed is allowed.
pub(super) fn may_use_cookie(headers: &HeaderMap, allowed: &CorsOrigins) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return !headers.contains_key("sec-fetch-site");
    };
    let Ok(origin) = origin.to_str() else {
        return false;
    };
    let is_listed = match allowed {
        CorsOrigins::Any => false,
        CorsOrigins::List(origins) => origins.iter().any(|listed| listed == origin),
    };
    is_listed || is_same(origin, headers)
}

fn is_same(origin: &str, headers: &HeaderMap) -> bool {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let origin = Url::parse(origin).ok();
    let authority = origin.as_ref().map(|origin| {
        let port = origin
            .port()
            .map(|port| format!(":{port}"))
            .unwrap_or_default();
        format!("{}{port}", origin.host_str().unwrap_or_default())
    });
    host.is_some_and(|host| authority.is_some_and(|authority| authority.eq_ignore_ascii_case(host)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(headers: &[(&'static str, &str)], allowed: bool) {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        let origins = CorsOrigins::List(vec!["https://app.example".to_owned()]);
        assert_eq!(may_use_cookie(&map, &origins), allowed, "{headers:?}");
    }

    #[test]
    fn a_cookie_counts_for_listed_pages_own_pages_and_no_pages() {
        check(&[], true);
        check(
            &[("origin", "https://app.example"), ("host", "api.example")],
            true,
        );
        check(
            &[
                ("origin", "http://localhost:8080"),
                ("host", "localhost:8080"),
            ],
            true,
        );
        check(
            &[("origin", "https://evil.example"), ("host", "api.example")],
            false,
        );
        check(&[("origin", "null"), ("host", "api.example")], false);
        check(&[("sec-fetch-site", "cross-site")], false);
    }
}
