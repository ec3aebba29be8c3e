//! The cookies of browsers.

use auth::{AuthRules, PendingGoogle, TokenPair};
use axum::response::{IntoResponseParts, ResponseParts};
use chrono::TimeDelta;
use http::header::{InvalidHeaderValue, SET_COOKIE};
use http::{HeaderValue, StatusCode};

use crate::router::MOUNTS;
use crate::state::Cookies;

/// The access token, for every route.
const ACCESS: &str = "auth_token";
/// The same, where it is `Secure`: browsers take such a name only for the very host that set it, so
/// that no other host of the domain can put its own in its place.
const HOST_ACCESS: &str = "__Host-auth_token";
/// The refresh token, for the routes that take it.
pub(crate) const REFRESH: &str = "refresh_token";
/// What a browser keeps while it is at Google's.
pub(crate) const GOOGLE: &str = "google_sign_in";

/// Time to choose an account and to type a password.
const AT_GOOGLE: TimeDelta = TimeDelta::minutes(10);

/// Cookies of one answer.
#[derive(Debug, Default)]
pub(crate) struct SetCookies(Vec<Result<HeaderValue, InvalidHeaderValue>>);

impl Cookies {
    /// The name of the cookie with the access token. No other is taken.
    pub(crate) const fn access(self) -> &'static str {
        if self.secure { HOST_ACCESS } else { ACCESS }
    }

    /// What a browser keeps of its tokens.
    pub(crate) fn signed_in(self, tokens: &TokenPair, rules: &AuthRules) -> SetCookies {
        self.tokens(
            (&tokens.access, rules.access_for),
            (tokens.refresh.expose(), rules.refresh_for),
        )
    }

    /// Has a browser forget its tokens.
    pub(crate) fn signed_out(self) -> SetCookies {
        let nothing = ("", TimeDelta::zero());
        self.tokens(nothing, nothing)
    }

    /// What a browser keeps while it is at Google's.
    pub(crate) fn at_google(self, pending: &PendingGoogle) -> SetCookies {
        SetCookies(vec![self.cookie(
            GOOGLE,
            MOUNTS[1],
            (&pending.to_cookie(), AT_GOOGLE),
        )])
    }

    /// Has a browser forget what it kept while it was at Google's.
    pub(crate) fn back_from_google(self) -> SetCookies {
        SetCookies(vec![self.cookie(
            GOOGLE,
            MOUNTS[1],
            ("", TimeDelta::zero()),
        )])
    }

    /// A path names one mount only, so the refresh token is told once for each of them.
    fn tokens(self, access: Kept<'_>, refresh: Kept<'_>) -> SetCookies {
        let refreshing =
            MOUNTS.map(|mount| self.cookie(REFRESH, &format!("{mount}/auth"), refresh));
        let access = self.cookie(self.access(), "/", access);
        SetCookies([access].into_iter().chain(refreshing).collect())
    }

    fn cookie(
        self,
        name: &str,
        path: &str,
        (value, kept_for): Kept<'_>,
    ) -> Result<HeaderValue, InvalidHeaderValue> {
        let age = kept_for.num_seconds();
        let secure = if self.secure { "; Secure" } else { "" };
        let text =
            format!("{name}={value}; Path={path}; Max-Age={age}; HttpOnly; SameSite=Lax{secure}");
        let mut header = HeaderValue::try_from(text)?;
        header.set_sensitive(true);
        Ok(header)
    }
}

/// A value, and for how long it is kept.
type Kept<'a> = (&'a str, TimeDelta);

impl SetCookies {
    /// These and others.
    pub(crate) fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }
}

impl IntoResponseParts for SetCookies {
    type Error = StatusCode;

    fn into_response_parts(self, mut response: ResponseParts) -> Result<ResponseParts, StatusCode> {
        for cookie in self.0 {
            // Tokens are base64url and dots.
            let cookie = cookie.map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        Ok(response)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secure_cookies_travel_over_https_only_and_belong_to_one_host() {
        let text = |secure| {
            let cookies = Cookies { secure }.signed_out();
            let first = cookies.0.into_iter().next().unwrap().unwrap();
            first.to_str().unwrap().to_owned()
        };
        assert_eq!(
            text(true),
            "__Host-auth_token=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure"
        );
        assert_eq!(
            text(false),
            "auth_token=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"
        );
    }
}
