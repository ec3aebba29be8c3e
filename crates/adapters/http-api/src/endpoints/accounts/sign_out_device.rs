//! `DELETE /auth/devices/{deviceId}`

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answer::{Answer, Success, success};
use crate::error::{ErrorCode, failing};
use crate::extract::{Member, PathDevice, Source};
use crate::state::Shared;

failing!(Failures: DeviceNotFound);

/// A device that is signed out.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SignedOutDevice {
    device_id: Uuid,
}

/// Sign one of the caller's devices out
///
/// Its access token is refused from now on.
#[utoipa::path(
    delete, path = "/auth/devices/{deviceId}", tag = "Accounts",
    params(("deviceId" = Uuid, Path, description = "The device.")),
    responses((status = 200, description = "It is signed out.", body = Success<SignedOutDevice>), Failures),
)]
pub(super) async fn sign_out_device(
    State(state): State<Shared>,
    Member(caller): Member,
    PathDevice(id): PathDevice,
    source: Source,
) -> Answer<SignedOutDevice> {
    let origin = source.origin();
    if !state.auth.sign_out_device(&caller, id, &origin).await? {
        return Err(ErrorCode::DeviceNotFound.into());
    }
    success(SignedOutDevice {
        device_id: id.uuid(),
    })
}
