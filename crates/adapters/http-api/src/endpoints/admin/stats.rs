//! `GET /admin/stats`

use auth::{AccountTotals, StudyTotals, Totals};
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::{Answer, Success, success};
use crate::error::failing;
use crate::extract::Permit;
use crate::state::Shared;

failing!(Failures: Forbidden);

/// How much there is of everything, at one moment.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct StatsView {
    /// Everybody known; in open mode also who never made an account.
    users: u64,
    accounts: AccountsView,
    sessions: SessionsView,
    /// Analyzed images.
    learning_events: u64,
    study: StudyView,
}

/// Accounts. Disabled ones count under their role too.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccountsView {
    all: u64,
    /// With the role `user`.
    users: u64,
    /// With the role `admin`.
    admins: u64,
    disabled: u64,
}

/// Sessions.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SessionsView {
    all: u64,
    /// Not ended yet.
    active: u64,
}

/// Study time of all users, today included, by the days of each user's zone. What was seen last
/// in a session counts when something follows it, or the session ends.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct StudyView {
    #[schema(minimum = 0, example = 25_200)]
    last_7_days_sec: i64,
    #[schema(minimum = 0, example = 108_000)]
    last_30_days_sec: i64,
}

impl From<Totals> for StatsView {
    fn from(totals: Totals) -> Self {
        let Totals {
            users,
            accounts,
            open_sessions,
            sessions,
            learning_events,
            study,
        } = totals;
        Self {
            users,
            accounts: accounts.into(),
            sessions: SessionsView {
                all: sessions,
                active: open_sessions,
            },
            learning_events,
            study: study.into(),
        }
    }
}

impl From<AccountTotals> for AccountsView {
    fn from(totals: AccountTotals) -> Self {
        let AccountTotals {
            users,
            admins,
            disabled,
        } = totals;
        Self {
            all: users + admins,
            users,
            admins,
            disabled,
        }
    }
}

impl From<StudyTotals> for StudyView {
    fn from(totals: StudyTotals) -> Self {
        let StudyTotals {
            last_7_days_ms,
            last_30_days_ms,
        } = totals;
        Self {
            last_7_days_sec: last_7_days_ms / 1000,
            last_30_days_sec: last_30_days_ms / 1000,
        }
    }
}

/// How much there is of everything
///
/// Noted in the audit.
#[utoipa::path(
    get, path = "/admin/stats", tag = "Admin",
    responses((status = 200, description = "The totals.", body = Success<StatsView>), Failures),
)]
pub(super) async fn admin_stats(
    State(state): State<Shared>,
    Permit(permit): Permit,
) -> Answer<StatsView> {
    success(state.admin.totals(&permit).await?.into())
}
