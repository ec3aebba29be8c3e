//! The cookies of browsers.

/// The access token, for every route.
pub(crate) const ACCESS: &str = "auth_token";
