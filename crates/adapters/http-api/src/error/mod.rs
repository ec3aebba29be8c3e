//! How requests fail: the catalogue, the error that carries one of its codes, and its document.

mod accounts;
mod api_error;
mod code;
mod document;
mod outcomes;

pub(crate) use api_error::{ApiError, ErrorAnswer};
pub use code::ErrorCode;
pub(crate) use document::{any_code, failing, responses};
pub(crate) use outcomes::whole_seconds;
