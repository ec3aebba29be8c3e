//! Which web pages belong to this server.

use http::{HeaderMap, header};
use url::Url;

use crate::state::{AppState, CorsOrigins};

/// Whose pages may act on behalf of their visitors.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pages<'a> {
    /// Where the operator says this server is.
    public: Option<&'a Url>,
    listed: &'a CorsOrigins,
}

impl<'a> Pages<'a> {
    pub(super) const fn of(state: &'a AppState) -> Self {
        Self {
            public: state.public_url.as_ref(),
            listed: &state.cors,
        }
    }

    /// Browsers tell the page's origin with every unsafe request; a request that tells none, and
    /// does not look like a browser's, comes from no page. Own and listed pages may.
    pub(super) fn may_use_cookie(self, headers: &HeaderMap) -> bool {
        let Some(origin) = headers.get(header::ORIGIN) else {
            return !headers.contains_key("sec-fetch-site");
        };
        let origin = origin.to_str();
        origin.is_ok_and(|origin| self.lists(origin) || self.is_own(origin, headers))
    }

    /// Whether the operator has named this origin.
    pub(super) fn lists(self, origin: &str) -> bool {
        self.origins().iter().any(|listed| listed == origin)
    }

    /// Whether the operator has named this host, without a port, as that of the server or of a page.
    pub(super) fn name_host(self, host: &str) -> bool {
        let listed = self.origins().iter().map(|origin| Url::parse(origin).ok());
        let mut named = listed.flatten().chain(self.public.cloned());
        named.any(|url| {
            url.host_str()
                .is_some_and(|named| named.eq_ignore_ascii_case(host))
        })
    }

    /// Scheme, host and port are those of the public URL. Without one only the request tells where
    /// it went, and nothing tells whether a proxy has taken the TLS off it.
    pub(super) fn is_own(self, origin: &str, headers: &HeaderMap) -> bool {
        let Some(public) = self.public else {
            return is_where_asked(origin, headers);
        };
        Url::parse(origin).is_ok_and(|origin| origin.origin() == public.origin())
    }

    fn origins(self) -> &'a [String] {
        match self.listed {
            CorsOrigins::Any => &[],
            CorsOrigins::List(origins) => origins,
        }
    }
}

/// Whether host and port of the page are those that the request went to.
pub(super) fn is_where_asked(origin: &str, headers: &HeaderMap) -> bool {
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
    fn check(public: Option<&str>, headers: &[(&'static str, &str)], allowed: bool) {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        let listed = CorsOrigins::List(vec!["https://app.example".to_owned()]);
        let public = public.map(|url| url.parse().unwrap());
        let pages = Pages {
            public: public.as_ref(),
            listed: &listed,
        };
        assert_eq!(pages.may_use_cookie(&map), allowed, "{headers:?}");
    }

    #[test]
    fn a_cookie_counts_for_listed_pages_own_pages_and_no_pages() {
        check(None, &[], true);
        let at = ("host", "api.example");
        check(None, &[("origin", "https://app.example"), at], true);
        let own = [
            ("origin", "http://localhost:8080"),
            ("host", "localhost:8080"),
        ];
        check(None, &own, true);
        check(None, &[("origin", "https://evil.example"), at], false);
        check(None, &[("origin", "null"), at], false);
        check(None, &[("sec-fetch-site", "cross-site")], false);
    }

    #[test]
    fn an_own_page_has_scheme_host_and_port_of_the_public_url() {
        let at = ("host", "api.example");
        for (origin, allowed) in [
            ("https://api.example", true),
            ("https://api.example:443", true),
            ("http://api.example", false),
            ("https://api.example:8443", false),
            ("https://app.example", true),
            ("http://app.example", false),
            ("null", false),
        ] {
            let page = [("origin", origin), at];
            check(Some("https://api.example/smartsight"), &page, allowed);
        }
        // A proxy may ask by another name.
        let inside = [("origin", "https://api.example"), ("host", "10.0.0.1:8080")];
        check(Some("https://api.example"), &inside, true);
        let rebound = [("origin", "https://evil.example"), ("host", "evil.example")];
        check(Some("https://api.example"), &rebound, false);
    }
}
