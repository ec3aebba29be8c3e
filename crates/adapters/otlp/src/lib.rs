//! Traces to a collector over OTLP/HTTP, in protobuf.
//!
//! [`layer`] makes spans of the program spans of a trace and puts what has ended into a bounded
//! queue; [`Pump::run`] sends it. Nobody ever waits for the collector: what finds no room in the
//! queue and what the collector does not take is dropped and counted in
//! `trace_spans_dropped_total{reason}`.
//!
//! Only spans of this program's own crates go out, with the fields they name; log lines do not.

mod layer;
mod pump;
mod queue;
mod settings;

pub use layer::layer;
pub use pump::Pump;
pub use settings::{InvalidOtlpSettings, OtlpSettings};
pub use trace_context::{TraceParent, adopt, current};
