//! Vision by Gemini models, over generateContent.
//!
//! [`Gemini`] is a [`vision::VisionModel`]: one image goes out with the schema of its answer,
//! one checked [`vision::Sighting`] comes back, and every way to fail has one
//! [`vision::ModelError`].
//!
//! Reading order: [`GeminiSettings`], what is sent (`request`), what comes back (`response`), what
//! an error means (`failure`). How it travels is in `provider_http`, what is asked for and how it
//! is checked in [`vision::report`]. The protocol takes no name of the student.

mod client;
mod failure;
mod request;
mod response;
mod settings;

pub use client::Gemini;
pub use settings::GeminiSettings;
