//! What a file system's error means to a caller.

use std::io::{Error, ErrorKind};

use kernel::{Fault, PortError};

/// Turns an I/O error of `context` into the port's error.
pub(crate) fn while_doing(context: &'static str) -> impl Fn(Error) -> PortError {
    move |error| PortError::new(fault_of(error.kind()), context, error)
}

fn fault_of(kind: ErrorKind) -> Fault {
    match kind {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Fault::Full,
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Fault::Refused,
        ErrorKind::InvalidData | ErrorKind::UnexpectedEof => Fault::Corrupt,
        _ => Fault::Unavailable,
    }
}
