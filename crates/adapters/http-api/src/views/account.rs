//! Accounts.

use auth::{Account, Credentials, Ownership, Role, Standing};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// An account.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccountView {
    user_id: Uuid,
    email: String,
    /// Whether the address is known to be its owner's.
    email_verified: bool,
    role: RoleView,
    /// Whether an admin has closed it.
    disabled: bool,
    /// How its owner signs in.
    sign_in_with: Vec<MethodView>,
    created_at: DateTime<Utc>,
}

/// What an account may do.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum RoleView {
    User,
    Admin,
}

/// A way to sign in.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum MethodView {
    Password,
    Google,
}

fn methods(credentials: &Credentials) -> Vec<MethodView> {
    match credentials {
        Credentials::Password(_) => vec![MethodView::Password],
        Credentials::Google(_) => vec![MethodView::Google],
        Credentials::Both(_, _) => vec![MethodView::Password, MethodView::Google],
    }
}

impl From<Role> for RoleView {
    fn from(role: Role) -> Self {
        match role {
            Role::User => Self::User,
            Role::Admin => Self::Admin,
        }
    }
}

impl From<RoleView> for Role {
    fn from(role: RoleView) -> Self {
        match role {
            RoleView::User => Self::User,
            RoleView::Admin => Self::Admin,
        }
    }
}

impl From<Account> for AccountView {
    fn from(account: Account) -> Self {
        let Account {
            id,
            email,
            ownership,
            credentials,
            role,
            standing,
            created_at,
            password_set_by: _,
            version: _,
        } = account;
        Self {
            user_id: id.uuid(),
            email: email.as_str().to_owned(),
            email_verified: matches!(ownership, Ownership::Verified(_)),
            role: role.into(),
            disabled: matches!(standing, Standing::Disabled(_)),
            sign_in_with: methods(&credentials),
            created_at,
        }
    }
}
