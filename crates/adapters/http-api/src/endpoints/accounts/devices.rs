//! `GET /auth/devices`

use auth::{Family, SignedInDevice};
use axum::extract::State;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answer::{Answer, Listing, Success, success};
use crate::extract::Member;
use crate::state::Shared;

/// A device somebody is signed in on.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DeviceView {
    device_id: Uuid,
    /// What its owner calls it.
    #[schema(required = true)]
    name: Option<String>,
    /// What its program calls itself.
    #[schema(required = true)]
    user_agent: Option<String>,
    signed_in_at: DateTime<Utc>,
    /// When it last got tokens.
    last_used_at: DateTime<Utc>,
    /// Whether it is the one that asks.
    current: bool,
}

impl From<SignedInDevice> for DeviceView {
    fn from(device: SignedInDevice) -> Self {
        let SignedInDevice {
            family,
            is_this_one,
        } = device;
        let Family {
            id,
            user: _,
            device,
            opened_at,
            last_used_at,
            ended: _,
        } = family;
        Self {
            device_id: id.uuid(),
            name: device.name().map(str::to_owned),
            user_agent: device.user_agent().map(str::to_owned),
            signed_in_at: opened_at,
            last_used_at,
            current: is_this_one,
        }
    }
}

/// The devices the caller is signed in on, last used first
///
/// Never paged; at most 200.
#[utoipa::path(
    get, path = "/auth/devices", tag = "Accounts",
    responses((status = 200, description = "The devices.", body = Success<Listing<DeviceView>>)),
)]
pub(super) async fn list_devices(
    State(state): State<Shared>,
    Member(caller): Member,
) -> Answer<Listing<DeviceView>> {
    let devices = state.auth.devices(&caller).await?;
    success(Listing::whole(
        devices.into_iter().map(DeviceView::from).collect(),
    ))
}
