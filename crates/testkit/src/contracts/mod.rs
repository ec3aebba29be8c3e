//! What each port promises, to be run on every adapter.

pub mod auth;
pub mod charge_store;
pub mod context;
pub mod limits;
pub mod object_store;
pub mod vision_model;
pub mod voice_store;
