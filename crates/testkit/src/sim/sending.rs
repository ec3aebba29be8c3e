//! The way of an answer to the caller, and what can go wrong on it.

use std::convert::Infallible;
use std::future::pending;

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt as _};
use serde_json::Value;

use super::script::{Asked, Fault, Reply, Step};
use super::state::State;
use super::wire::Cut;

/// What is answered, once the model has thought for long enough. A fault that leaves the caller without
/// a byte of an answer never comes out.
pub(super) async fn next_step(state: &State, mut asked: Asked, cut: &Cut) -> Step {
    let step = state.next_step(&mut asked);
    tokio::time::sleep(step.latency.unwrap_or(state.options.latency)).await;
    if let Reply::Fault(fault) = &step.reply {
        before_the_answer(fault, cut).await;
    }
    step
}

/// Never answers, or ends the connection before the first byte; other faults pass.
async fn before_the_answer(fault: &Fault, cut: &Cut) {
    match fault {
        Fault::Hang => pending().await,
        Fault::CutConnection => {
            cut.now();
            pending::<()>().await;
        }
        _ => {}
    }
}

/// Whether the connection ends in the middle of the answer.
pub(super) fn is_cut_short(reply: &Reply) -> bool {
    matches!(reply, Reply::Fault(Fault::CutBody | Fault::StreamCut))
}

/// An answer as one JSON object.
pub(super) fn whole_object(object: &Value, reply: &Reply, cut: Cut) -> Response {
    let text = object.to_string();
    let headers = [
        (CONTENT_TYPE, "application/json".to_owned()),
        (CONTENT_LENGTH, text.len().to_string()),
    ];
    let body = if is_cut_short(reply) {
        let (first, rest) = text.split_at(text.floor_char_boundary(text.len() / 2));
        half(vec![first.to_owned(), rest.to_owned()], cut)
    } else {
        Body::from(text)
    };
    (headers, body).into_response()
}

/// An answer as server-sent events, each as it goes over the wire.
pub(super) fn events(chunks: Vec<String>, reply: &Reply, cut: Cut) -> Response {
    let body = if is_cut_short(reply) {
        half(chunks, cut)
    } else {
        Body::from_stream(said(chunks))
    };
    let headers = [
        (CONTENT_TYPE, "text/event-stream; charset=utf-8"),
        (CACHE_CONTROL, "no-cache"),
    ];
    (headers, body).into_response()
}

/// The first half of the chunks, then the connection ends.
fn half(mut chunks: Vec<String>, cut: Cut) -> Body {
    chunks.truncate(chunks.len() / 2);
    let end = stream::once(async move {
        // Being pending once lets the server flush what it has.
        tokio::task::yield_now().await;
        cut.now();
        pending().await
    });
    Body::from_stream(said(chunks).chain(end))
}

fn said(chunks: Vec<String>) -> impl Stream<Item = Result<Bytes, Infallible>> {
    stream::iter(chunks.into_iter().map(|chunk| Ok(Bytes::from(chunk))))
}
