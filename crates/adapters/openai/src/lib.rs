//! Vision by any server that speaks the Responses API.
//!
//! [`OpenAi`] is a [`vision::VisionModel`]: one image goes out with a strict JSON schema, one
//! checked [`vision::Sighting`] comes back. A call has one deadline over all its attempts, and
//! every way a provider can fail has one [`vision::ModelError`].
//!
//! Reading order: [`OpenAiSettings`], what is sent (`request`), what comes back (`response`), what
//! an error means (`failure`). How it travels is in `provider_http`, what is asked for and how it
//! is checked in [`vision::report`].

mod client;
mod failure;
mod request;
mod response;
mod settings;

pub use client::OpenAi;
pub use settings::OpenAiSettings;
