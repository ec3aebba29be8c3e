//! How callers show who they are.

use utoipa::openapi::RefOr;
use utoipa::openapi::SecurityRequirement;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};

const BEARER: &str = "bearer";
const COOKIE: &str = "cookie";

pub(super) fn schemes() -> [(String, RefOr<SecurityScheme>); 2] {
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("The access token."));
    let about = "The access token, for browsers; named `__Host-auth_token` where \
        the server is reached by https. Unsafe calls then need an allowed `Origin`.";
    let cookie = ApiKey::Cookie(ApiKeyValue::with_description("auth_token", about));
    [
        (
            BEARER.to_owned(),
            RefOr::T(SecurityScheme::Http(bearer.build())),
        ),
        (COOKIE.to_owned(), RefOr::T(SecurityScheme::ApiKey(cookie))),
    ]
}

/// Either of them; none in open mode.
pub(super) fn of_callers() -> Vec<SecurityRequirement> {
    let mut requirements = of_members();
    requirements.extend(of_nobody());
    requirements
}

/// Either of them.
pub(super) fn of_members() -> Vec<SecurityRequirement> {
    let none: [&str; 0] = [];
    vec![
        SecurityRequirement::new(BEARER, none),
        SecurityRequirement::new(COOKIE, none),
    ]
}

/// None.
pub(super) fn of_nobody() -> Vec<SecurityRequirement> {
    vec![SecurityRequirement::default()]
}
