//! File calls block, so they run where blocking is allowed.

use kernel::{Fault, PortError, PortResult};

/// Runs `work` on a thread for blocking calls. It runs to its end even if the caller goes away, so
/// that counts kept beside files stay true.
pub(crate) async fn blocking<T: Send + 'static>(
    context: &'static str,
    work: impl FnOnce() -> PortResult<T> + Send + 'static,
) -> PortResult<T> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|stopped| Err(PortError::new(Fault::Unavailable, context, stopped)))
}
