//! `GET /admin/audit`

use auth::{AuditEvent, Audited};
use axum::extract::State;
use chrono::{DateTime, Utc};
use kernel::UserId;
use serde::Serialize;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::answer::{Answer, Listing, Success, success};
use crate::error::{ApiError, failing};
use crate::extract::{FromQuery, PageQuery, Permit, QueryOf, QueryReader, parse_id};
use crate::state::Shared;

failing!(Failures: Forbidden);

/// Which lines.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
pub(super) struct Filter {
    /// Only what happened to this user's account.
    #[param(value_type = uuid::Uuid, required = false)]
    user_id: Option<UserId>,
}

impl FromQuery for Filter {
    fn read(query: &mut QueryReader) -> Result<Self, ApiError> {
        Ok(Self {
            user_id: query.parsed("userId", "must be a UUID", parse_id)?,
        })
    }
}

/// One line of the audit.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AuditView {
    audit_id: Uuid,
    at: DateTime<Utc>,
    /// What happened.
    #[schema(schema_with = event_schema)]
    event: &'static str,
    /// Who did it; null for strangers and for commands on the server itself.
    #[schema(required = true)]
    actor_id: Option<Uuid>,
    /// Whose account it happened to.
    #[schema(required = true)]
    user_id: Option<Uuid>,
    /// Where the request came from.
    #[schema(required = true)]
    address: Option<String>,
    /// What the program called itself.
    #[schema(required = true)]
    user_agent: Option<String>,
}

fn event_schema() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(Audited::ALL.iter().map(|what| what.as_str())))
        .build()
}

impl From<AuditEvent> for AuditView {
    fn from(event: AuditEvent) -> Self {
        let AuditEvent {
            id,
            at,
            what,
            actor,
            subject,
            address,
            user_agent,
        } = event;
        Self {
            audit_id: id.uuid(),
            at,
            event: what.as_str(),
            actor_id: actor.map(UserId::uuid),
            user_id: subject.map(UserId::uuid),
            address: address.map(|address| address.to_string()),
            user_agent,
        }
    }
}

/// What was written down about security, newest first
///
/// Reading is itself written down.
#[utoipa::path(
    get, path = "/admin/audit", tag = "Admin",
    params(Filter, PageQuery),
    responses((status = 200, description = "A page of the audit.", body = Success<Listing<AuditView>>), Failures),
)]
pub(super) async fn list_audit(
    State(state): State<Shared>,
    Permit(permit): Permit,
    QueryOf((filter, page)): QueryOf<(Filter, PageQuery)>,
) -> Answer<Listing<AuditView>> {
    let found = state.admin.audit(&permit, filter.user_id, page.request());
    success(Listing::page(found.await?, AuditView::from))
}
