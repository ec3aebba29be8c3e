//! Requests parsed at the edge: inside, a value that exists is valid.

mod body;
mod caller;
mod image_form;
mod json;
mod origin;
mod path;
mod query;
mod text;

pub(crate) use body::{Limited, read_limited};
pub(crate) use caller::{Caller, Member, Permit};
pub(crate) use image_form::{ImageForm, SessionHeader};
pub(crate) use json::{JsonBody, is_json};
pub(crate) use origin::{DeviceHeader, Source};
pub(crate) use path::{PathBookmark, PathSession};
pub(crate) use query::{DayQuery, FromQuery, PageQuery, QueryOf, QueryReader};
pub(crate) use text::{SessionIdOrBlank, optional_session, parse_id};
