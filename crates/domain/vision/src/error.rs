//! Why an image was not analyzed.

use kernel::PortError;
use objects::ObjectKey;
use sessions::SessionError;
use spending::OverBudget;

use crate::image::ImageFault;
use crate::model::ModelError;

/// What a caller can act on when an image was not analyzed or stored.
#[derive(Debug, thiserror::Error)]
pub enum AnalyzeError {
    /// The session named is missing, ended or cannot be read.
    #[error("the session cannot be used")]
    Session(#[from] SessionError),
    /// The file is larger than allowed.
    #[error("the file has more than {limit} bytes")]
    TooLarge {
        /// The most bytes allowed.
        limit: usize,
    },
    /// The file is not an image that can be used.
    #[error("the file is not taken as an image")]
    Image(#[from] ImageFault),
    /// There is no such stored image of this user.
    #[error("no such stored image")]
    ObjectNotFound,
    /// What the client put behind an upload link is not what it promised: its `size`,
    /// `contentType` or `sha256` is another. It has been removed.
    #[error("the stored image has another {0} than was promised")]
    Mismatch(&'static str),
    /// The user has spent what may be spent on one day. Nothing was stored.
    #[error("no further model is asked today")]
    Budget(#[from] OverBudget),
    /// No model gave an answer that can be used. The image is stored, so the analysis can be
    /// asked for again by its key.
    #[error("the image was not understood")]
    Model {
        /// The first provider's failure.
        #[source]
        error: ModelError,
        /// Where the image is kept.
        object: ObjectKey,
    },
    /// Neither the object store nor the local disk takes anything more.
    #[error("nothing more can be stored")]
    Storage(#[source] PortError),
}

/// Why waiting work could not be looked at.
#[derive(Debug, thiserror::Error)]
#[error("the local journal or spool failed")]
pub struct BacklogError(#[from] PortError);
