//! How much of all bodies is held in memory at once, and how long a client may fall silent.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use http::{HeaderMap, header};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::endpoints::STREAMED;
use crate::error::{ApiError, ErrorCode};
use crate::state::AppState;

const RETRY_OVERLOADED_SEC: u64 = 5;
/// The beginning of a body takes room as it arrives, so that somebody who sends little holds
/// little. Beyond it room for all of the body is taken at once: whoever has it comes to an end,
/// where many with a part each would wait for each other.
const BEGINNING_BYTES: usize = 64 * 1024;
/// What is held of a body that is passed on as it arrives.
const STREAMED_BYTES: usize = 512 * 1024;

type Chunk = Result<Bytes, axum::Error>;

/// The room that all requests share.
#[derive(Debug, Clone)]
pub(crate) struct Flow {
    room: Arc<Semaphore>,
    wait_for_room: Duration,
    silence: Duration,
    largest: usize,
}

impl Flow {
    pub(crate) fn of(state: &AppState) -> Self {
        let limits = &state.limits;
        Self {
            largest: state.largest_body(),
            room: Arc::new(Semaphore::new(limits.bytes_in_flight)),
            wait_for_room: limits.wait_for_room,
            silence: limits.body_silence,
        }
    }

    /// The next piece of a body, once there is room for it.
    async fn next(&self, body: &mut BodyDataStream, held: &Held) -> Option<Chunk> {
        let Ok(chunk) = timeout(self.silence, body.next()).await else {
            return Some(Err(held.fail(ErrorCode::RequestTimeout)));
        };
        let chunk = match chunk? {
            Ok(chunk) => chunk,
            broken => return Some(broken),
        };
        let wanted = held.wants(chunk.len());
        let room = Arc::clone(&self.room).acquire_many_owned(wanted);
        match timeout(self.wait_for_room, room).await {
            Ok(Ok(room)) => held.take(room),
            _ => return Some(Err(held.fail(ErrorCode::Overloaded))),
        }
        Some(Ok(chunk))
    }

    /// The length of a body, or the most it can be.
    fn length(&self, headers: &HeaderMap) -> usize {
        let told = headers.get(header::CONTENT_LENGTH);
        let told = told.and_then(|length| length.to_str().ok()?.parse().ok());
        told.unwrap_or(self.largest).min(self.largest)
    }
}

/// Lets the body in piece by piece. What was let in counts until the request is answered or its
/// client has gone.
pub(crate) async fn flow(State(flow): State<Flow>, request: Request, next: Next) -> Response {
    let is_streamed = is_streamed(&request);
    let (parts, body) = request.into_parts();
    let length = flow.length(&parts.headers);
    let held = Arc::new(Held::of(length, is_streamed));
    let body = Body::from_stream(pieces(flow, body.into_data_stream(), Arc::clone(&held)));
    let response = next.run(Request::from_parts(parts, body)).await;
    match held.failure() {
        None => response,
        Some(code @ ErrorCode::Overloaded) => {
            metrics::counter!("overloaded_requests_total").increment(1);
            let refused = ApiError::from(code).with_retry_after(RETRY_OVERLOADED_SEC);
            refused.into_response()
        }
        Some(code) => ApiError::from(code).into_response(),
    }
}

fn is_streamed(request: &Request) -> bool {
    let matched = request.extensions().get::<MatchedPath>();
    matched.is_some_and(|path| STREAMED.iter().any(|route| path.as_str().ends_with(route)))
}

fn pieces(
    flow: Flow,
    body: BodyDataStream,
    held: Arc<Held>,
) -> impl Stream<Item = Chunk> + Send + 'static {
    stream::unfold((flow, body, held), |(flow, mut body, held)| async move {
        let chunk = flow.next(&mut body, &held).await?;
        Some((chunk, (flow, body, held)))
    })
}

/// What one request holds of the room, and why it got no more.
#[derive(Debug)]
struct Held {
    /// Of the whole body.
    length: usize,
    /// The most that is held of it.
    most: usize,
    share: Mutex<Share>,
}

#[derive(Debug, Default)]
struct Share {
    /// Bytes let in.
    arrived: usize,
    room: Option<OwnedSemaphorePermit>,
    failure: Option<ErrorCode>,
}

impl Held {
    fn of(length: usize, is_streamed: bool) -> Self {
        Self {
            length,
            most: if is_streamed {
                STREAMED_BYTES
            } else {
                usize::MAX
            },
            share: Mutex::default(),
        }
    }

    /// How much more room it takes to let in so many bytes.
    fn wants(&self, bytes: usize) -> u32 {
        let mut share = self.share();
        share.arrived += bytes;
        let needed = match share.arrived {
            beginning if beginning <= BEGINNING_BYTES => beginning,
            arrived => arrived.max(self.length),
        };
        let needed = needed.min(self.most);
        let has = share
            .room
            .as_ref()
            .map_or(0, OwnedSemaphorePermit::num_permits);
        u32::try_from(needed.saturating_sub(has)).unwrap_or(u32::MAX)
    }

    fn take(&self, more: OwnedSemaphorePermit) {
        let room = &mut self.share().room;
        match room {
            Some(room) => room.merge(more),
            None => *room = Some(more),
        }
    }

    fn fail(&self, code: ErrorCode) -> axum::Error {
        self.share().failure = Some(code);
        axum::Error::new(std::io::Error::other(code.meaning()))
    }

    fn failure(&self) -> Option<ErrorCode> {
        self.share().failure
    }

    fn share(&self) -> std::sync::MutexGuard<'_, Share> {
        self.share.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
