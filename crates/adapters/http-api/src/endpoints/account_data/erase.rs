//! `DELETE /user`

use std::collections::BTreeMap;

use axum::extract::State;
use chrono::{DateTime, Utc};
use privacy::{Amount, EraseError, Receipt};
use serde::Serialize;
use tokio::sync::oneshot;
use utoipa::ToSchema;

use crate::answer::{Answer, Success, success};
use crate::error::{ApiError, ErrorCode, failing};
use crate::extract::Caller;
use crate::state::Shared;

failing!(Failures: StorageUnavailable);

/// What went.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReceiptView {
    /// When the erasure was complete.
    erased_at: DateTime<Utc>,
    /// Stored images.
    objects: AmountView,
    /// Rows of the database, by table.
    rows: BTreeMap<String, u64>,
    /// What waited on the server's disk, by place.
    waiting: BTreeMap<String, AmountView>,
}

/// How much of something.
#[derive(Debug, Serialize, ToSchema)]
struct AmountView {
    count: u64,
    bytes: u64,
}

impl From<Amount> for AmountView {
    fn from(amount: Amount) -> Self {
        let Amount { count, bytes } = amount;
        Self { count, bytes }
    }
}

impl From<Receipt> for ReceiptView {
    fn from(receipt: Receipt) -> Self {
        let Receipt {
            erased_at,
            objects,
            rows,
            waiting,
        } = receipt;
        let waiting = waiting.into_iter();
        Self {
            erased_at,
            objects: objects.into(),
            rows,
            waiting: waiting
                .map(|(place, amount)| (place, amount.into()))
                .collect(),
        }
    }
}

/// Erase everything of mine
///
/// All devices are signed out first: every token of the caller is refused from then on. Then go
/// images, sessions, study time, bookmarks, the log, the account. It cannot be undone, and no
/// second word is asked for: ask your user. An erasure that fails in the middle, or takes longer
/// than the answer, is completed by the server; asking again does it too, where asking is still
/// possible. The address may register anew, as a new user.
#[utoipa::path(
    delete, path = "/user", tag = "Profile",
    responses((status = 200, description = "What went.", body = Success<ReceiptView>), Failures),
)]
pub(super) async fn erase_everything(
    State(state): State<Shared>,
    Caller(user): Caller,
) -> Answer<ReceiptView> {
    let (tell, told) = oneshot::channel();
    let privacy = state.privacy.clone();
    // It goes on if the caller goes away.
    let erase = async move {
        if let Err(Err(error)) = tell.send(privacy.erase(user).await) {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                "an erasure was broken off, it is taken up again"
            );
        }
    };
    state.tasks.spawn("erase", Box::pin(erase));
    let receipt = told.await.map_err(|_| ErrorCode::Internal)??;
    success(receipt.into())
}

impl From<EraseError> for ApiError {
    fn from(error: EraseError) -> Self {
        match error {
            EraseError::Rows(error) => error.into(),
            EraseError::Objects(error) | EraseError::Leftovers(error) => {
                Self::from(ErrorCode::StorageUnavailable).caused_by(error)
            }
        }
    }
}
