//! `GET /health/live`

use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{Answer, Success, success};

/// The process answers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Liveness {
    #[schema(example = "live")]
    status: &'static str,
}

/// Whether the process answers
#[utoipa::path(
    get, path = "/health/live", tag = "Operations", security(()),
    responses((status = 200, description = "It does.", body = Success<Liveness>)),
)]
pub(crate) async fn live() -> Answer<Liveness> {
    success(Liveness { status: "live" })
}
