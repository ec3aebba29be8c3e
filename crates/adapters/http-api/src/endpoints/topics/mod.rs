//! Study time and topics.

mod daily;
mod list;
mod today;
mod weekly;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::Shared;

pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::default()
        .routes(routes!(today::today_topic_stats))
        .routes(routes!(daily::daily_topic_stats))
        .routes(routes!(weekly::weekly_topic_stats))
        .routes(routes!(list::list_topics))
}
