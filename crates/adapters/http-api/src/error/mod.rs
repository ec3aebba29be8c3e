//! How requests fail: the catalogue, the error that carries one of its codes, and its document.

mod accounts;
mod api_error;
mod code;
mod document;
mod outcomes;

pub(crate) use api_error::{ApiError, ErrorAnswer, PlainError};
pub use code::ErrorCode;
pub(crate) use document::{any_code, failing, plain_content, responses};
pub(crate) use outcomes::whole_seconds;
