//! The router over real stores, a scripted model, a clock that stands still and seeded ids.

mod accounts;
mod app;
mod client;
mod document;
mod google;
mod links;
mod model;
mod runtime;

pub(crate) use accounts::{Accounts, Member, PASSWORD};
pub(crate) use app::{App, Setup};
pub(crate) use client::{Answer, Client, form, jpeg};
pub(crate) use document::{Contract, Operation};
pub(crate) use google::KnownGoogle;
pub(crate) use model::{ScriptedModel, sees};
pub(crate) use runtime::{TokioTasks, TokioTimer};
