//! The way of a response to the caller.

use std::convert::Infallible;

use axum::body::Body;
use axum::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt as _};
use serde_json::Value;

use super::request::Request;
use super::stream::events;
use crate::sim::script::{Fault, Reply};
use crate::sim::wire::Cut;

/// Sends the response whole or as events, with the faults of the way.
pub(super) fn send(request: &Request, object: &Value, reply: &Reply, cut: Cut) -> Response {
    let cut_short = matches!(reply, Reply::Fault(Fault::CutBody | Fault::StreamCut));
    if request.streams() {
        let broken = matches!(reply, Reply::Fault(Fault::StreamError));
        let chunks = events(object, broken);
        let body = if cut_short {
            half(chunks, cut)
        } else {
            whole(chunks)
        };
        let headers = [
            (CONTENT_TYPE, "text/event-stream; charset=utf-8"),
            (CACHE_CONTROL, "no-cache"),
        ];
        return (headers, body).into_response();
    }
    let text = object.to_string();
    let headers = [
        (CONTENT_TYPE, "application/json".to_owned()),
        (CONTENT_LENGTH, text.len().to_string()),
    ];
    let body = if cut_short {
        let (first, rest) = text.split_at(text.floor_char_boundary(text.len() / 2));
        half(vec![first.to_owned(), rest.to_owned()], cut)
    } else {
        Body::from(text)
    };
    (headers, body).into_response()
}

fn whole(chunks: Vec<String>) -> Body {
    Body::from_stream(said(chunks))
}

/// The first half of the chunks, then the connection ends.
fn half(mut chunks: Vec<String>, cut: Cut) -> Body {
    chunks.truncate(chunks.len() / 2);
    let end = stream::once(async move {
        // Being pending once lets the server flush what it has.
        tokio::task::yield_now().await;
        cut.now();
        std::future::pending().await
    });
    Body::from_stream(said(chunks).chain(end))
}

fn said(chunks: Vec<String>) -> impl Stream<Item = Result<Bytes, Infallible>> {
    stream::iter(chunks.into_iter().map(|chunk| Ok(Bytes::from(chunk))))
}
