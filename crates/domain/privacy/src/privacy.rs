//! The facade and what it works with.

use std::sync::Arc;

use kernel::{Clock, Ids, Timestamp};
use objects::ObjectStore;
use topics::Topics;

use crate::ports::{Erasures, Leftovers, PersonalRows};

/// Hands out and erases everything of a user. One verb, one file.
#[derive(Clone)]
pub struct Privacy {
    pub(crate) ports: Arc<PrivacyPorts>,
}

/// What [`Privacy`] works with.
pub struct PrivacyPorts {
    /// Reads rows.
    pub rows: Arc<dyn PersonalRows>,
    /// Marks users and removes rows.
    pub erasures: Arc<dyn Erasures>,
    /// Keeps images.
    pub objects: Arc<dyn ObjectStore>,
    /// Other places that may hold something.
    pub leftovers: Vec<Arc<dyn Leftovers>>,
    /// Brings derived numbers up to date before they are handed out.
    pub topics: Topics,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub ids: Arc<dyn Ids>,
}

impl Privacy {
    /// The facade over its ports.
    pub fn new(ports: PrivacyPorts) -> Self {
        Self {
            ports: Arc::new(ports),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.ports.clock.now()
    }
}
