//! Where a request comes from.

use std::convert::Infallible;
use std::net::IpAddr;

use auth::{Device, Origin};
use axum::extract::FromRequestParts;
use http::request::Parts;
use http::{HeaderMap, HeaderName, header};
use utoipa::IntoParams;

use crate::middleware::ClientAddress;
use crate::state::Shared;

const DEVICE_HEADER: HeaderName = HeaderName::from_static("x-device-name");

/// The header that names the device, as it is documented.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) struct DeviceHeader {
    /// What its owner calls the device; the member `deviceName` of a body wins.
    #[param(rename = "X-Device-Name", value_type = String, required = false, example = "Ada's phone")]
    device: (),
}

/// Where a request comes from, as far as its head tells.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    address: Option<IpAddr>,
    device: Option<String>,
    user_agent: Option<String>,
}

impl Source {
    pub(super) fn of(parts: &Parts) -> Self {
        let address = parts.extensions.get::<ClientAddress>();
        Self {
            address: address.and_then(|address| address.0),
            device: text(&parts.headers, &DEVICE_HEADER),
            user_agent: text(&parts.headers, &header::USER_AGENT),
        }
    }

    /// The origin, with the device as the header calls it.
    pub(crate) fn origin(&self) -> Origin {
        self.named(None)
    }

    /// The origin, with the device as the body calls it, if it does.
    pub(crate) fn named(&self, device: Option<&str>) -> Origin {
        let device = device.or(self.device.as_deref());
        Origin {
            address: self.address,
            device: Device::new(device, self.user_agent.as_deref()),
        }
    }
}

impl FromRequestParts<Shared> for Source {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Shared) -> Result<Self, Infallible> {
        Ok(Self::of(parts))
    }
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let value = headers.get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}
