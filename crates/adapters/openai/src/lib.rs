//! Vision by any server that speaks the Responses API.
//!
//! [`OpenAi`] implements [`vision::VisionModel`]: one image goes out with a strict JSON schema, one
//! checked [`vision::Sighting`] comes back. A call has one deadline over all its attempts, and
//! every way a provider can fail has one [`vision::ModelError`].
//!
//! Reading order: [`OpenAiSettings`], what is sent (`request`, `prompt`, `schema`), how it is sent
//! (`exchange`, `retry`, `failure`), what comes back (`response`, `content`).

mod client;
mod content;
mod exchange;
mod failure;
mod headers;
mod prompt;
mod request;
mod response;
mod retry;
mod schema;
mod settings;

pub use client::OpenAi;
pub use settings::{InvalidOpenAiSettings, OpenAiSettings};
