//! What admins do.

mod audit;
mod change_user;
mod get_user;
mod list_users;
mod stats;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::state::Shared;

pub(super) fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::default()
        .routes(routes!(list_users::list_users))
        .routes(routes!(get_user::get_user, change_user::change_user))
        .routes(routes!(audit::list_audit))
        .routes(routes!(stats::admin_stats))
}
