//! Objects in S3 or a compatible store.
//!
//! [`S3Store`] is the adapter, [`S3Settings`] says which bucket. Every call ends within the
//! settings' deadline, the repeats of failed attempts included; an object that is sent in parts
//! takes a call for each.

mod connect;
mod failure;
mod multipart;
mod settings;
mod store;
mod streamed;
mod upload_link;

pub use settings::{AccessKeys, S3Settings};
pub use store::S3Store;
