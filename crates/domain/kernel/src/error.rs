//! The one error of all ports.

use std::error::Error;

/// What a caller can branch on when a port fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The stored state contradicts the request: a key is taken, or a version has moved on.
    Conflict,
    /// Something the request refers to is not there (a foreign key without its row).
    Dangling,
    /// The other side cannot be reached, timed out or is overloaded; the same call may succeed later.
    Unavailable,
    /// No room is left on the other side; retrying does not help until something is removed.
    Full,
    /// What was read cannot be understood.
    Corrupt,
    /// The other side refused the call for good: wrong credentials, missing rights.
    Refused,
    /// The user it belongs to was erased: it must not be kept anywhere.
    Gone,
}

/// A port's failure: a closed fault to branch on and an opaque cause to log.
#[derive(Debug, thiserror::Error)]
#[error("{context}")]
pub struct PortError {
    fault: Fault,
    context: &'static str,
    #[source]
    cause: Option<Box<dyn Error + Send + Sync>>,
}

/// What every port method returns.
pub type PortResult<T> = Result<T, PortError>;

impl PortError {
    /// A failure while doing `context` ("insert session"), caused by `cause`.
    pub fn new(
        fault: Fault,
        context: &'static str,
        cause: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self {
            fault,
            context,
            cause: Some(cause.into()),
        }
    }

    /// A failure that no other error caused.
    pub const fn bare(fault: Fault, context: &'static str) -> Self {
        Self {
            fault,
            context,
            cause: None,
        }
    }

    /// What the caller can branch on.
    pub const fn fault(&self) -> Fault {
        self.fault
    }
}
