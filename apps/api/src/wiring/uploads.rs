//! What clients send besides images: segments, and objects behind upload links.

use std::sync::Arc;

use database::Database;
use kernel::{Clock, Ids};
use objects::{ObjectStore, UploadPorts, UploadRules, Uploads};
use segments::{SegmentPorts, SegmentRules, Segments};
use voice::StudyDesk;

use super::stores::Stores;

/// What both work with.
#[derive(Clone)]
pub(super) struct Base {
    pub(super) database: Arc<Database>,
    /// As uploads see them.
    pub(super) objects: Arc<dyn ObjectStore>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn Ids>,
}

pub(super) fn uploads(stores: &Stores, base: &Base) -> Uploads {
    let ports = UploadPorts {
        links: stores.upload_links.clone(),
        leases: base.database.clone(),
        objects: base.objects.clone(),
        clock: base.clock.clone(),
        ids: base.ids.clone(),
    };
    Uploads::new(ports, UploadRules::default())
}

pub(super) fn segments(
    stores: &Stores,
    base: Base,
    uploads: &Uploads,
    desk: &StudyDesk,
) -> Segments {
    let ports = SegmentPorts {
        store: base.database.clone(),
        scratch: stores.scratch.clone(),
        objects: base.objects,
        leases: base.database,
        uploads: uploads.clone(),
        sessions: desk.sessions.clone(),
        profiles: desk.profiles.clone(),
        clock: base.clock,
        ids: base.ids,
    };
    Segments::new(ports, SegmentRules::default())
}
