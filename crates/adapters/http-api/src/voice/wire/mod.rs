//! The messages of the protocol as JSON.

mod client;
mod server;

pub(crate) use client::{Heard, read};
pub(super) use server::written;
