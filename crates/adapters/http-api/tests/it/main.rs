//! The way in, a request at a time.

mod harness;

mod around;
mod bad_inputs;
mod bookmarks;
mod capture;
mod document;
mod help;
mod idempotency;
mod identity;
mod operations;
mod profile;
mod sessions;
mod topics;
