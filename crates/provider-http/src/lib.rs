//! What adapters of model providers share, whatever a provider's protocol.
//!
//! A [`HostedModel`] is a `vision::VisionModel` behind a [`Protocol`]: attempts within one deadline, with
//! waits between them that the provider may set, and at once with the image in the body where a
//! provider could not open its link. An attempt that fails is a [`Failure`]: what the caller hears,
//! and whether there is a point in another one. Nothing here repeats an address, a header or a body.

mod address;
mod failure;
mod headers;
mod passage;
mod protocol;
mod refusal;
mod retry;
mod settings;
mod wire;

pub use failure::{Again, Failure, again};
pub use headers::{retry_after, should_retry};
pub use passage::{Passage, jpeg_base64};
pub use protocol::{HostedModel, Looking, Protocol};
pub use refusal::{About, Refusal};
pub use settings::{InvalidSettings, below, key_header};
pub use wire::Answer;
