//! What a client still sends is read before it is answered, for a client whose connection closes
//! while it is sending never sees the answer.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream::poll_fn;
use futures_util::{Stream, StreamExt};
use http::header;

/// A client that sends even more is cut off.
const MAX_BYTES: usize = 64 * 1024 * 1024;
const PATIENCE: Duration = Duration::from_secs(10);

/// Answers, after reading what the handler has left of the body.
pub(crate) async fn drain(request: Request, next: Next) -> Response {
    let waits_to_be_asked = request.headers().contains_key(header::EXPECT);
    let (parts, body) = request.into_parts();
    let source = Source::new(body);
    let inner = source.clone();
    let body = Body::from_stream(poll_fn(move |context| inner.poll(context)));
    let response = next.run(Request::from_parts(parts, body)).await;
    if !(waits_to_be_asked && source.is_untouched()) {
        let rest = source.read_rest();
        if tokio::time::timeout(PATIENCE, rest).await.is_err() {
            tracing::debug!("the client went on sending");
        }
    }
    response
}

/// A body that several can read on from, one after the other.
#[derive(Clone)]
struct Source(Arc<Mutex<Progress>>);

struct Progress {
    body: BodyDataStream,
    touched: bool,
    ended: bool,
}

impl Source {
    fn new(body: Body) -> Self {
        Self(Arc::new(Mutex::new(Progress {
            body: body.into_data_stream(),
            touched: false,
            ended: false,
        })))
    }

    fn is_untouched(&self) -> bool {
        !self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .touched
    }

    fn poll(&self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, axum::Error>>> {
        let mut progress = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if progress.ended {
            return Poll::Ready(None);
        }
        progress.touched = true;
        let polled = Pin::new(&mut progress.body).poll_next(context);
        progress.ended = matches!(polled, Poll::Ready(None | Some(Err(_))));
        polled
    }

    async fn read_rest(&self) {
        let mut rest = poll_fn(|context| self.poll(context));
        let mut read = 0;
        while let Some(Ok(chunk)) = rest.next().await {
            read += chunk.len();
            if read > MAX_BYTES {
                return;
            }
        }
    }
}
