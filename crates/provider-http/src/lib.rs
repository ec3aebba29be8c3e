//! What adapters of model providers share, whatever a provider's protocol.
//!
//! A call is a [`Wire`] to one address and [`call`] over it: attempts within one deadline, with
//! waits between them that the provider may set, and at once with the image in the body where a
//! provider could not open its link. An attempt that fails is a [`Failure`]: what the caller hears,
//! and whether there is a point in another one. Nothing here repeats an address, a header or a body.

mod address;
mod failure;
mod headers;
mod passage;
mod retry;
mod wire;

pub use address::{is_plain, joined};
pub use failure::{Again, Failure, again, excerpt};
pub use headers::{retry_after, should_retry};
pub use passage::{Passage, jpeg, jpeg_base64};
pub use retry::call;
pub use wire::{Answer, Wire};
