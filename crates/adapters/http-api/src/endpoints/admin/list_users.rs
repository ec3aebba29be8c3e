//! `GET /admin/users`

use auth::{AccountFilter, Role};
use axum::extract::State;
use utoipa::IntoParams;

use crate::answer::{Answer, Listing, Success, success};
use crate::error::{ApiError, failing};
use crate::extract::{FromQuery, PageQuery, Permit, QueryOf, QueryReader};
use crate::state::Shared;
use crate::views::{AccountView, RoleView};

failing!(Failures: Forbidden);

/// Which accounts.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Filter {
    /// Part of the address, in upper or lower case.
    #[param(required = false)]
    email: Option<String>,
    /// Only those with this role.
    #[param(value_type = RoleView, required = false)]
    role: Option<Role>,
}

impl FromQuery for Filter {
    fn read(query: &mut QueryReader) -> Result<Self, ApiError> {
        Ok(Self {
            email: query.take("email").map(|part| part.to_ascii_lowercase()),
            role: query.parsed("role", "must be user or admin", Role::parse)?,
        })
    }
}

/// Accounts, newest first
///
/// Noted in the audit.
#[utoipa::path(
    get, path = "/admin/users", tag = "Admin",
    params(Filter, PageQuery),
    responses((status = 200, description = "A page of accounts.", body = Success<Listing<AccountView>>), Failures),
)]
pub(super) async fn list_users(
    State(state): State<Shared>,
    Permit(permit): Permit,
    QueryOf((filter, page)): QueryOf<(Filter, PageQuery)>,
) -> Answer<Listing<AccountView>> {
    let filter = AccountFilter {
        email_contains: filter.email,
        role: filter.role,
    };
    let found = state.admin.accounts(&permit, &filter, page.request());
    success(Listing::page(found.await?, AccountView::from))
}
