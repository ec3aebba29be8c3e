//! Upload and analyze: an image comes in, a learning event goes out.
//!
//! [`Vision`] is the facade. Its order is the upload path: session check, decoding within limits,
//! storage and model side by side, then the event. Once a model has answered, nothing that fails
//! afterwards fails the request: what could not be written waits in the [`Journal`] or the
//! [`Spool`] and is written later with the same ids.

mod capture;
mod error;
mod image;
mod look;
mod model;
mod pending;
mod ports;
mod record;
mod replay;
mod store;
mod vision;
mod watch;

pub use capture::captured_at;
pub use error::{AnalyzeError, BacklogError};
pub use image::{ImageFault, ImageFormat, ImagePreparer, Prepared, View, ViewSpec};
pub use model::{ImageInput, ModelError, Sighting, VisionModel};
pub use pending::{PendingEvent, PendingObject};
pub use ports::{Held, Journal, Spool};
pub use replay::{Backlog, Replayed, Waiting};
pub use vision::{
    AnalyzeRequest, Analyzed, Delivery, Image, StoredImage, Vision, VisionPorts, VisionRules,
};
pub use watch::EventWatcher;
