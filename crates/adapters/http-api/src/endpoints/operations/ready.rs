//! `GET /health/ready`

use std::time::Duration;

use axum::extract::State;
use futures_util::future::join_all;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::answer::{Answer, Success, success};
use crate::error::{ApiError, ErrorCode, failing};
use crate::ports::ReadinessCheck;
use crate::state::Shared;

failing!(Failures: NotReady);

/// A dependency that takes longer to answer is down.
const PATIENCE: Duration = Duration::from_secs(3);

/// The server can do its work.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Readiness {
    #[schema(example = "ready")]
    status: &'static str,
    dependencies: Vec<Dependency>,
}

/// One thing the server works with.
#[derive(Debug, Serialize, ToSchema)]
struct Dependency {
    #[schema(example = "database")]
    name: &'static str,
    state: DependencyState,
}

/// Whether a dependency works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum DependencyState {
    Up,
    Down,
}

/// Whether the server can do its work, dependency by dependency
#[utoipa::path(
    get, path = "/health/ready", tag = "Operations", security(()),
    responses((status = 200, description = "What the server cannot work without is up.", body = Success<Readiness>), Failures),
)]
pub(super) async fn ready(State(state): State<Shared>) -> Answer<Readiness> {
    let checks = state.readiness.iter().map(|check| look_at(check.as_ref()));
    let dependencies = join_all(checks).await;
    let mut needed = state.readiness.iter().zip(&dependencies);
    if needed.all(|(check, one)| one.state == DependencyState::Up || !check.is_vital()) {
        return success(Readiness {
            status: "ready",
            dependencies,
        });
    }
    let not_ready = ApiError::from(ErrorCode::NotReady);
    Err(not_ready.with_details(json!({ "dependencies": dependencies })))
}

async fn look_at(check: &dyn ReadinessCheck) -> Dependency {
    let late = |_| Err("no answer in time".to_owned());
    let outcome = tokio::time::timeout(PATIENCE, check.check()).await;
    let name = check.name();
    let state = match outcome.unwrap_or_else(late) {
        Ok(()) => DependencyState::Up,
        Err(reason) => {
            tracing::warn!(dependency = name, reason, "dependency is down");
            DependencyState::Down
        }
    };
    Dependency { name, state }
}
