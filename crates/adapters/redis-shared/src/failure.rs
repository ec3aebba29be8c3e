//! What a failure of Redis means for the caller.

use kernel::{Fault, PortError};
use redis::{ErrorKind, RedisError};

/// What a failure while doing `context` means.
pub(crate) fn failed(context: &'static str, cause: RedisError) -> PortError {
    PortError::new(fault(&cause), context, cause)
}

/// What an operator can mend (credentials, rights) is unavailable, not refused: it is no fault of
/// the call.
fn fault(error: &RedisError) -> Fault {
    match error.kind() {
        ErrorKind::Parse | ErrorKind::UnexpectedReturnType => Fault::Corrupt,
        _ => Fault::Unavailable,
    }
}
