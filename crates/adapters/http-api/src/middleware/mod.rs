//! What happens around every request, from the outside in: [`client_address`], [`scope`], CORS and
//! compression, [`render`], [`drain`], [`timeout`], [`flow`]; around all but links to objects
//! [`no_foreign_page`]; around answers to somebody also [`limit_address`];
//! around those of a caller also [`identify`], [`limit_user`], [`limit_analyses`] and [`repeat`].

mod carry_out;
mod client_address;
mod cors;
mod drain;
mod fingerprint;
mod flow;
mod headers;
mod identify;
mod limit;
mod no_store;
mod open_mode;
mod origin;
mod pages;
mod render;
mod repeat;
mod request_id;
mod scope;
mod timeout;

pub(crate) use client_address::{ClientAddress, client_address};
pub(crate) use cors::cors;
pub(crate) use drain::drain;
pub(crate) use flow::{Flow, flow};
pub(crate) use headers::security_headers;
pub(crate) use identify::{identify, identify_visitor};
pub(crate) use limit::{limit_address, limit_analyses, limit_user};
pub(crate) use no_store::no_store;
pub(crate) use open_mode::no_foreign_page;
pub(crate) use origin::own_pages;
pub(crate) use render::{render, rendered};
pub(crate) use repeat::repeat;
pub(crate) use request_id::RequestId;
pub(crate) use scope::scope;
pub(crate) use timeout::timeout;
