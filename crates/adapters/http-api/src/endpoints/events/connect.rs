//! `GET /ws/events`

use axum::Extension;
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::response::Response;
use limits::network;
use tracing::Instrument;

use crate::error::{ApiError, failing};
use crate::events::{Guest, serve};
use crate::middleware::{ClientAddress, RequestId};
use crate::state::Shared;
use crate::voice::Visitor;

failing!(Failures: Forbidden, UpgradeRequired);

/// Read and write buffers of a socket. Kept for as long as the socket.
const BUFFER_BYTES: usize = 4 * 1024;
/// The longest message of a client: a token and a few words.
const MAX_MESSAGE_BYTES: usize = 16 * 1024;

/// Hear of what changes, from any place on
///
/// A WebSocket; `docs/events.md` describes its messages, topics and close codes. Without token and
/// cookie, in secured mode, the first message is `{"type":"auth","token":…}`, within 5 s.
#[utoipa::path(
    get, path = "/ws/events", tag = "Events",
    responses((status = 101, description = "The socket is open."), Failures),
)]
pub(super) async fn hear_events(
    State(state): State<Shared>,
    Extension(visitor): Extension<Visitor>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    Extension(request_id): Extension<RequestId>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, ApiError> {
    let upgrade = upgrade.map_err(|_| visitor.without_socket())?;
    let span = tracing::info_span!("events", request_id = request_id.as_str());
    let network = address.map(network);
    let guest = Guest { visitor, network };
    let sized = upgrade
        .read_buffer_size(BUFFER_BYTES)
        .write_buffer_size(BUFFER_BYTES)
        .max_message_size(MAX_MESSAGE_BYTES)
        .max_frame_size(MAX_MESSAGE_BYTES);
    Ok(sized.on_upgrade(async move |socket| {
        // Owned, so that the server waits for its end.
        let tasks = state.tasks.clone();
        let told = serve(state, guest, socket).instrument(span);
        tasks.spawn("events", Box::pin(told));
    }))
}
