//! The messages of the protocol as JSON.

mod client;
mod server;

pub(super) use client::{Heard, read};
pub(super) use server::written;
