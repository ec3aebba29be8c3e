//! A simulator of model providers.
//!
//! [`Simulator::start`] opens a real HTTP server on a free port of 127.0.0.1. It speaks the
//! Responses API (JSON and event streams) and the models list so faithfully that official SDKs
//! take it for the provider: it wants a bearer key, checks parameters, the strictness of the answer's
//! schema and the image itself, counts tokens, and sends the provider's headers. What it answers is
//! scripted ([`Script`]); without a script the answer is plausible, fits the schema asked for and
//! is the same for the same request.
//!
//! The same server speaks Anthropic's Messages API and Gemini's generateContent, by the same script
//! and each in its own words: its key header, its checks, its errors, its way to count tokens. What
//! answers were billed at is kept ([`Simulator::bills`]). It speaks the Realtime API over web sockets
//! too; see [`realtime`].
//!
//! ```no_run
//! # async fn example() {
//! use testkit::sim::{Fault, Script, Simulator, Step};
//!
//! let simulator = Simulator::start().await;
//! simulator.script(Script::new().queue([
//!     Step::fault(Fault::ServerError),
//!     Step::content(serde_json::json!({"topic": "Math"})),
//! ]));
//! let base = simulator.base_url(); // http://127.0.0.1:PORT/v1
//! # }
//! ```
//!
//! # Script files
//! The same as JSON, for the `sim` program: a list of rules. The first rule that has a step for a
//! request answers it; without one the answer is a plausible sample. Requests that the checks refuse use up no step.
//!
//! | rule | which requests |
//! |---|---|
//! | `{"queue": [step, …]}` | the k-th request that reaches the rule takes the k-th step, until they are used up |
//! | `{"each_student": [step, …]}` | the same, counted for each `safety_identifier` by itself |
//! | `{"student": "s-1", "queue": [step, …]}` | the same for one student |
//! | `{"image": "<sha256>", "step": step}` | requests with an image of these very bytes, as they arrive here |
//! | `{"always": step}` | every request |
//!
//! | step | answer |
//! |---|---|
//! | `{}` | the plausible sample |
//! | `{"content": {"topic": "Math", "isStudying": false}}` | a sample with these fields of `contentAnalysis` |
//! | `{"json": …}` | this JSON as the model's text |
//! | `{"text": "…"}` | this as the model's text |
//! | `{"fault": "rate_limit", "retry_after_ms": 50}` | a fault, see [`Fault`] |
//!
//! Any step may add `"latency_ms": 800` and `"reasoning": true` (a reasoning item comes first).
//!
//! ```json
//! [
//!   {"queue": [{"fault": "overloaded"}, {"content": {"topic": "Bio"}}]},
//!   {"always": {"content": {"isStudying": false, "topic": ""}, "latency_ms": 300}}
//! ]
//! ```

mod anthropic;
mod bill;
pub mod cli;
mod door;
mod error;
mod gemini;
mod models;
mod options;
mod picture;
mod question;
pub mod realtime;
mod record;
mod responses;
mod sample;
mod script;
mod sending;
mod server;
mod state;
mod wire;
mod words;

pub use bill::SimBill;
pub use cli::run_cli;
pub use options::SimOptions;
pub use record::RecordedRequest;
pub use script::{Asked, Fault, Reply, Rule, Script, ScriptFault, Step};
pub use server::Simulator;
