//! Waiting for something to begin.

use std::sync::{Arc, Mutex, PoisonError};

use futures_channel::oneshot::{Receiver, Sender, channel};
use futures_util::FutureExt;
use futures_util::future::Shared;

/// Tells once, to all who wait and all who come later.
#[derive(Clone)]
pub(crate) struct Begun {
    tell: Arc<Mutex<Option<Sender<()>>>>,
    told: Shared<Receiver<()>>,
}

impl Begun {
    pub(crate) fn not_yet() -> Self {
        let (tell, told) = channel();
        Self {
            tell: Arc::new(Mutex::new(Some(tell))),
            told: told.shared(),
        }
    }

    pub(crate) fn tell(&self) {
        let mut tell = self.tell.lock().unwrap_or_else(PoisonError::into_inner);
        // Dropping tells as well.
        drop(tell.take());
    }

    pub(crate) async fn heard(&self) {
        // Whether it was told or everybody is gone: there is nothing more to wait for.
        self.told.clone().await.ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_hears_before_and_everybody_after() {
        let begun = Begun::not_yet();
        assert_eq!(begun.heard().now_or_never(), None);
        begun.clone().tell();
        begun.tell();
        assert_eq!(begun.heard().now_or_never(), Some(()));
        assert_eq!(begun.clone().heard().now_or_never(), Some(()));
    }
}
