//! `GET /ws`

use axum::Extension;
use axum::extract::State;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::response::Response;
use kernel::SessionId;
use tracing::Instrument;
use utoipa::IntoParams;

use crate::error::{ApiError, failing};
use crate::extract::{FromQuery, QueryOf, QueryReader, optional_session};
use crate::middleware::RequestId;
use crate::state::Shared;
use crate::voice::{BUFFER_BYTES, MAX_MESSAGE_BYTES, Visitor, receive};

failing!(Failures: SessionNotFound, Forbidden, UpgradeRequired);

/// What a conversation belongs to.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ConnectQuery {
    /// The session of study. With it the conversation begins at once; without it, with the message
    /// `start` or after 5 s.
    #[param(rename = "sessionId", value_type = Uuid, required = false)]
    session: Option<SessionId>,
}

impl FromQuery for ConnectQuery {
    fn read(query: &mut QueryReader) -> Result<Self, ApiError> {
        let session = optional_session(query.take("sessionId").as_deref())?;
        Ok(Self { session })
    }
}

/// Talk with the voice tutor
///
/// A WebSocket; `docs/voice.md` describes its frames, messages, codes and close codes. Without
/// token and cookie, in secured mode, the first message is `{"type":"auth","token":…}`, within 5 s.
/// Also found at `/ws`.
#[utoipa::path(
    get, path = "/ws", tag = "Voice",
    params(ConnectQuery),
    responses((status = 101, description = "The socket is open."), Failures),
)]
pub(super) async fn talk(
    State(state): State<Shared>,
    Extension(visitor): Extension<Visitor>,
    Extension(request_id): Extension<RequestId>,
    QueryOf(query): QueryOf<ConnectQuery>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, ApiError> {
    let upgrade = upgrade.map_err(|_| visitor.without_socket())?;
    let span = tracing::info_span!("voice", request_id = request_id.as_str());
    let sized = upgrade
        .read_buffer_size(BUFFER_BYTES)
        .write_buffer_size(BUFFER_BYTES)
        .max_message_size(MAX_MESSAGE_BYTES)
        .max_frame_size(MAX_MESSAGE_BYTES);
    Ok(sized.on_upgrade(async move |socket| {
        // Owned, so that the server waits for its end.
        let tasks = state.tasks.clone();
        let talk = receive(state, visitor, query.session, socket).instrument(span);
        tasks.spawn("voice conversation", Box::pin(talk));
    }))
}
