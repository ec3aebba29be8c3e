//! Reading a request as it arrives.

mod base64;
mod cut;
mod fields;

pub(crate) use base64::{Decoder, NotBase64};
pub(crate) use cut::{Cut, Uncut};
pub(crate) use fields::Fields;
