//! What each port promises, to be run on every adapter.

pub mod auth;
pub mod object_store;
