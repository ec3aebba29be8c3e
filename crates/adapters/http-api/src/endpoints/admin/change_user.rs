//! `PATCH /admin/users/{userId}`

use auth::{Access, AdminChange};
use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::answer::{Answer, Success, success};
use crate::error::failing;
use crate::extract::{JsonBody, PathUser, Permit, present};
use crate::state::Shared;
use crate::views::{AccountView, RoleView};

failing!(Failures: UserNotFound, OwnAccount, UnsupportedMediaType);

/// What to change; what is missing stays.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct ChangedUser {
    #[serde(default, deserialize_with = "present")]
    #[schema(required = false, nullable = false)]
    role: Option<RoleView>,
    /// Whether the account is closed. A closed account is signed out everywhere.
    #[serde(default, deserialize_with = "present")]
    #[schema(required = false, nullable = false)]
    disabled: Option<bool>,
}

impl From<ChangedUser> for AdminChange {
    fn from(changed: ChangedUser) -> Self {
        let access = |disabled| {
            if disabled {
                Access::Disabled
            } else {
                Access::Enabled
            }
        };
        Self {
            role: changed.role.map(Into::into),
            access: changed.disabled.map(access),
        }
    }
}

/// Change an account's role, close it or open it again
///
/// Takes effect at once: access tokens of the old role are refused. Noted in the audit.
#[utoipa::path(
    patch, path = "/admin/users/{userId}", tag = "Admin",
    params(("userId" = Uuid, Path, description = "The user.")),
    request_body = ChangedUser,
    responses((status = 200, description = "The account as it is now.", body = Success<AccountView>), Failures),
)]
pub(super) async fn change_user(
    State(state): State<Shared>,
    Permit(permit): Permit,
    PathUser(id): PathUser,
    JsonBody(changed): JsonBody<ChangedUser>,
) -> Answer<AccountView> {
    let account = state.admin.change(&permit, id, changed.into()).await?;
    success(account.into())
}
