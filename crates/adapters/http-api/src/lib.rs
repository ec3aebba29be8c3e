//! The way in: the REST contract as an axum router, and its OpenAPI document.
//!
//! [`router`] makes the service from an [`AppState`] of domain facades; nothing else of the house
//! is seen from here. A handler parses, calls one use case, converts. Where to look:
//!
//! - `endpoints`: one endpoint, one file: input, errors, document, handler
//! - `extract`: requests parsed at the edge
//! - `voice`: the WebSocket of the voice tutor
//! - `events`: the WebSocket of live events
//! - `views`: what clients see of the domain
//! - `error`: the catalogue of codes, and each use case's outcomes as codes
//! - `middleware`: what happens around every request
//! - `openapi`: the document, generated from the endpoints

mod answer;
mod cookies;
mod endpoints;
mod error;
mod events;
mod extract;
#[doc(hidden)]
pub mod fuzzing;
mod middleware;
mod openapi;
mod ports;
mod router;
mod starting;
mod state;
mod views;
mod voice;

pub use error::ErrorCode;
pub use events::{EventFeed, EventLimits, EventPorts};
pub use openapi::openapi;
pub use ports::{
    ArchiveBytes, LinkFault, OpenArchive, OpenedObject, ReadinessCheck, SignedObjects,
    UploadSignature,
};
pub use router::router;
pub use starting::starting;
pub use state::{AppState, Cookies, CorsOrigins, Identity, Limits, Quotas};
