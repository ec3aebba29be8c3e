//! Live events.

use std::sync::Arc;

use database::Database;
use http_api::{EventFeed, EventLimits, EventPorts};

use crate::runtime::TokioTimer;
use crate::settings::BackgroundSettings;

/// The feed over the logs.
pub(super) fn feed(settings: BackgroundSettings, database: &Arc<Database>) -> EventFeed {
    let ports = EventPorts {
        ledger: database.clone(),
        news: database.clone(),
        timer: Arc::new(TokioTimer),
    };
    let limits = EventLimits {
        per_user: settings.events_per_user,
        per_address: settings.events_per_address,
        ..EventLimits::default()
    };
    EventFeed::new(ports, limits)
}
