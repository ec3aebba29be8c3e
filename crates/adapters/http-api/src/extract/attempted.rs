//! Which attempt at a request this is.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::request::Parts;
use ledger::Attempt;

use crate::state::Shared;

/// Of a request with an idempotency key. What is written under its ids is written once, however
/// often the request comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Attempted(pub(crate) Option<Attempt>);

impl FromRequestParts<Shared> for Attempted {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, Infallible> {
        Ok(Self(parts.extensions.get::<Attempt>().copied()))
    }
}
