//! Exports under way.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use kernel::UserId;
use serde_json::json;

use crate::error::{ApiError, ErrorCode};

/// Each occupies a thread for blocking work while its reader takes its time, and reads images by
/// further ones: without a bound, all would wait for each other.
const AT_ONCE: usize = 32;
/// One more than needed: a connection that was broken off is not always noticed at once.
const OF_ONE_USER: usize = 2;
const RETRY_AFTER_SEC: u64 = 30;

/// Who is reading an export.
#[derive(Debug, Clone, Default)]
pub(super) struct Exports(Arc<Mutex<Vec<UserId>>>);

/// An export under way, until it is dropped.
#[derive(Debug)]
pub(super) struct UnderWay {
    user: UserId,
    exports: Exports,
}

impl Exports {
    /// Counts one more; refused while there are too many.
    pub(super) fn begin(&self, user: UserId) -> Result<UnderWay, ApiError> {
        let mut readers = self.readers();
        let own = readers.iter().filter(|reader| **reader == user).count();
        if own >= OF_ONE_USER || readers.len() >= AT_ONCE {
            return Err(ApiError::from(ErrorCode::RateLimited)
                .with_details(json!({ "limit": "exports" }))
                .with_retry_after(RETRY_AFTER_SEC));
        }
        readers.push(user);
        let exports = self.clone();
        Ok(UnderWay { user, exports })
    }

    fn readers(&self) -> MutexGuard<'_, Vec<UserId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl UnderWay {
    /// Whose it is.
    pub(super) const fn user(&self) -> UserId {
        self.user
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut readers = self.exports.readers();
        if let Some(place) = readers.iter().position(|reader| *reader == self.user) {
            readers.swap_remove(place);
        }
    }
}
