//! What the operator's doctor asks other systems over HTTP.
//!
//! [`Probe`] fetches one page ([`Page`]): that the system is there, what time it has, that a link
//! opens. [`Provider`] says whether a provider of models takes the key and has the model, by the
//! cheapest call there is. Nothing here repeats an address or a header: links and keys are secrets.

mod page;
mod provider;

pub use page::{Page, Probe};
pub use provider::{Api, Provider, ProviderFault};
