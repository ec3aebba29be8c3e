//! Sessions.

mod active;
mod end;
mod events;
mod get;
mod list;
mod start;
mod topic_stats;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::Shared;

pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::default()
        .routes(routes!(start::start_session))
        .routes(routes!(end::end_session))
        .routes(routes!(active::active_session))
        .routes(routes!(list::list_sessions))
        .routes(routes!(get::get_session))
        .routes(routes!(events::list_session_events))
        .routes(routes!(topic_stats::session_topic_stats))
}
