//! Requests parsed at the edge: inside, a value that exists is valid.

mod attempted;
mod body;
mod caller;
mod image_form;
mod json;
mod origin;
mod path;
mod query;
pub(crate) mod schemas;
mod secret;
mod text;

pub(crate) use attempted::Attempted;
pub(crate) use body::{Limited, read_limited};
pub(crate) use caller::{Caller, Member, Permit};
pub(crate) use image_form::{ImageForm, SessionHeader, session_header};
pub(crate) use json::{JsonBody, is_json, present};
pub(crate) use origin::{DeviceHeader, Source};
pub(crate) use path::{PathBookmark, PathDevice, PathJob, PathSession, PathUser, PathVoice};
pub(crate) use query::{DayQuery, FromQuery, PageQuery, QueryOf, QueryReader};
pub(crate) use secret::SecretText;
pub(crate) use text::{SessionIdOrBlank, optional_session, parse_id};
