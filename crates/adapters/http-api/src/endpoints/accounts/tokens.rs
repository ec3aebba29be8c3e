//! Tokens as clients get them: in the answer, and for browsers as cookies.

use auth::{Account, SignedIn, TokenPair};
use kernel::UserId;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answer::{Success, success};
use crate::cookies::SetCookies;
use crate::error::ApiError;
use crate::state::AppState;

/// The answer to a sign-in.
pub(super) type Entered = Result<(SetCookies, Success<SignedInView>), ApiError>;

/// Somebody is signed in. The tokens are also set as cookies.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SignedInView {
    user_id: Uuid,
    email: String,
    /// The access token: `Authorization: Bearer …`, for 15 minutes.
    token: String,
    /// Swaps once for the next pair of tokens, within 30 days.
    refresh_token: String,
}

/// A pair of tokens, also set as cookies.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TokensView {
    /// The access token.
    token: String,
    /// The next refresh token.
    refresh_token: String,
}

impl From<&TokenPair> for TokensView {
    fn from(tokens: &TokenPair) -> Self {
        Self {
            token: tokens.access.clone(),
            refresh_token: tokens.refresh.expose().to_owned(),
        }
    }
}

/// Hands the tokens out.
pub(super) fn enter(state: &AppState, signed_in: &SignedIn) -> Entered {
    let SignedIn {
        account: Account { id, email, .. },
        tokens,
        suggested_name: _,
    } = signed_in;
    let cookies = state.cookies.signed_in(tokens, state.auth.rules());
    let TokensView {
        token,
        refresh_token,
    } = tokens.into();
    let view = success(SignedInView {
        user_id: id.uuid(),
        email: email.as_str().to_owned(),
        token,
        refresh_token,
    })?;
    Ok((cookies, view))
}

/// Hands the tokens of a Google sign-in out. A new account starts with the name Google knows; one
/// that cannot be set now is no reason to keep anybody out.
pub(super) async fn enter_from_google(state: &AppState, signed_in: &SignedIn) -> Entered {
    if let Some(name) = &signed_in.suggested_name {
        introduce(state, signed_in.account.id, name).await;
    }
    enter(state, signed_in)
}

async fn introduce(state: &AppState, user: UserId, name: &str) {
    if let Err(error) = state.profiles.change(user, Some(name), None).await {
        tracing::warn!(user = %user, error = &error as &dyn std::error::Error, "name not taken from Google");
    }
}
