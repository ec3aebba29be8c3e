//! A learning event as a JSON document, `{"version": …, …}`.
//!
//! A version that was ever written stays readable, and has a fixture among the tests.

mod v1;

use serde::Deserialize;
use sessions::NewLearningEvent;

use v1::DocumentV1;

/// The text is not the document of a learning event.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BadDocument {
    #[error("not a learning event as JSON")]
    Json(#[source] serde_json::Error),
    #[error("document version {0} is unknown")]
    Version(u32),
    #[error("the field {0} has an impossible value")]
    Value(&'static str),
    #[error("the document is of another event than its name says")]
    OtherEvent,
}

#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

/// The event in the newest version.
pub(crate) fn to_json(event: &NewLearningEvent) -> Result<Vec<u8>, serde_json::Error> {
    serde_json::to_vec(&DocumentV1::from(event))
}

/// The event from any version.
pub(crate) fn from_json(json: &[u8]) -> Result<NewLearningEvent, BadDocument> {
    let Versioned { version } = serde_json::from_slice(json).map_err(BadDocument::Json)?;
    match version {
        v1::VERSION => {
            let document: DocumentV1<'_> =
                serde_json::from_slice(json).map_err(BadDocument::Json)?;
            document.try_into()
        }
        unknown => Err(BadDocument::Version(unknown)),
    }
}
