//! The outermost layer: request id, log and metrics.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::Method;
use metrics::{Gauge, counter, gauge, histogram};
use trace_context::TraceParent;
use tracing::field::Empty;
use tracing::{Instrument, Span};

use super::request_id::{REQUEST_ID, RequestId};
use crate::state::Shared;

/// Gives the request an id, its lines in the log a span, and counts it. Route templates stand
/// for paths, so that labels are bounded and no key of a link is logged.
pub(crate) async fn scope(
    State(state): State<Shared>,
    mut request: Request,
    next: Next,
) -> Response {
    let fresh = || RequestId::fresh(state.clock.as_ref(), state.ids.as_ref());
    let id = RequestId::given(request.headers()).unwrap_or_else(fresh);
    request.extensions_mut().insert(id.clone());
    let watched = Watched::begin(&request);
    let parent = TraceParent::given(request.headers());
    let span = tracing::info_span!(
        "request",
        request_id = id.as_str(),
        trace_id = Empty,
        method = watched.method,
        route = watched.route,
        user_id = Empty,
        session_id = Empty
    );
    follow(&span, parent.as_ref());
    let answered = async {
        let response = next.run(request).await;
        watched.end(response.status().as_u16());
        response
    };
    let mut response = answered.instrument(span).await;
    if let Some(value) = id.header() {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// Goes on in the caller's trace, and names the trace in the log.
fn follow(span: &Span, parent: Option<&TraceParent>) {
    if let Some(parent) = parent {
        trace_context::adopt(span, parent);
    }
    if let Some(own) = trace_context::of(span) {
        span.record("trace_id", own.trace_id());
    }
}

/// A request being carried out.
struct Watched {
    method: &'static str,
    route: String,
    since: Instant,
    in_flight: Gauge,
    answered: bool,
}

impl Watched {
    fn begin(request: &Request) -> Self {
        let matched = request.extensions().get::<MatchedPath>();
        let in_flight = gauge!("http_requests_in_flight");
        in_flight.increment(1);
        Self {
            method: method_label(request.method()),
            route: matched.map_or("unmatched", MatchedPath::as_str).to_owned(),
            since: Instant::now(),
            in_flight,
            answered: false,
        }
    }

    fn end(mut self, status: u16) {
        self.answered = true;
        let latency = self.since.elapsed();
        let labels = [
            ("method", self.method.to_owned()),
            ("route", self.route.clone()),
        ];
        histogram!("http_request_duration_seconds", &labels).record(latency.as_secs_f64());
        let labels = [
            ("method", self.method.to_owned()),
            ("route", self.route.clone()),
            ("status", status.to_string()),
        ];
        counter!("http_requests_total", &labels).increment(1);
        tracing::info!(
            status,
            latency_ms = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX),
            "answered"
        );
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.in_flight.decrement(1);
        if !self.answered {
            tracing::info!(
                method = self.method,
                route = self.route,
                "the client went away before the answer"
            );
        }
    }
}

/// Clients can make methods up.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}
