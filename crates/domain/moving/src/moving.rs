//! The facade.

use std::sync::Arc;

use kernel::Clock;
use objects::ObjectStore;

use crate::Tables;

/// Moves everything out of a place or into it. One verb, one file.
#[derive(Clone)]
pub struct Moving {
    pub(crate) tables: Arc<dyn Tables>,
    pub(crate) objects: Arc<dyn ObjectStore>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Moving {
    /// The facade over its ports.
    pub fn new(
        tables: Arc<dyn Tables>,
        objects: Arc<dyn ObjectStore>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            tables,
            objects,
            clock,
        }
    }
}
