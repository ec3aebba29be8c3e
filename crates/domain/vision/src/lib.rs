//! Upload and analyze: an image comes in, a learning event goes out.
//!
//! [`Vision`] is the facade. Its order is the upload path: session check, decoding within limits,
//! storage and model side by side, then the event. Once a model has answered, nothing that fails
//! afterwards fails the request: what could not be written waits in the [`Journal`] or the
//! [`Spool`] and is written later with the same ids.
//!
//! A picture that shows what the last one of its session showed needs no model ([`Vision::reusing`],
//! [`Likeness`]): what was said is taken over, in an event of its own.
//!
//! What a provider bills is charged to the user it was asked for ([`Vision::billed_to`]); a [`TextWitness`]
//! may contradict a model on whether there is text.
//!
//! Models stand in a [`Chain`]: the first usable answer counts. All share one deadline, and one that
//! keeps failing is left alone for a while ([`Breaker`]). [`report`] is what they are asked for.

mod arrival;
mod begun;
mod billing;
mod capture;
mod chain;
mod drain;
mod error;
mod image;
mod insight;
mod later;
mod likeness;
mod look;
mod memory;
mod model;
mod parts;
mod pending;
mod ports;
mod record;
mod renditions;
mod replay;
pub mod report;
mod reuse;
mod store;
mod usage;
mod vision;
mod watch;
mod witness;

pub use capture::captured_at;
pub use chain::{Chain, ChainRules};
pub use error::{AnalyzeError, BacklogError};
pub use image::{ImageFault, ImageFormat, ImagePreparer, Prepared, View, ViewSpec};
pub use later::{AnalyzeFailure, AnalyzeHandler, LaterAnalyses};
pub use likeness::{Likeness, SceneComparer, Signature};
pub use model::{ImageInput, ModelError, Sighting, VisionModel};
pub use patience::{Breaker, BreakerRules, Standing};
pub use pending::{PendingEvent, PendingObject};
pub use ports::{Held, Journal, Spool};
pub use renditions::{ImageHandler, ImageLinks, RenditionPorts, Renditions};
pub use replay::{Backlog, Replayed, Waiting};
pub use reuse::ReuseRules;
pub use usage::{Bill, BilledAnswer, TokenUsage};
pub use vision::{
    AnalyzeRequest, Analyzed, Delivery, Image, StoredImage, Vision, VisionPorts, VisionRules,
};
pub use watch::EventWatcher;
pub use witness::TextWitness;
