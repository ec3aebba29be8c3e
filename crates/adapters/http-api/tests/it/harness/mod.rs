//! The router over real stores, a scripted model, a clock that stands still and seeded ids.

mod app;
mod client;
mod document;
mod model;
mod runtime;

pub(crate) use app::{App, Setup};
pub(crate) use client::{Answer, Client, form, jpeg};
pub(crate) use document::{Contract, Operation};
pub(crate) use model::{ScriptedModel, sees};
