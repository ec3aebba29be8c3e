//! What clients send besides images: segments, and objects behind upload links.

use std::sync::Arc;

use async_trait::async_trait;
use database::Database;
use kernel::{Clock, Ids, PortResult, UserId};
use objects::{ObjectKey, ObjectStore, UploadPorts, UploadRules, Uploads};
use segments::{ImageWatcher, SegmentPorts, SegmentRules, Segments};
use vision::{ImagePreparer, RenditionPorts, Renditions, VisionRules};
use voice::StudyDesk;

use super::stores::Stores;
use crate::runtime::OwnedTasks;

/// What both work with.
#[derive(Clone)]
pub(super) struct Base {
    pub(super) database: Arc<Database>,
    /// As uploads see them.
    pub(super) objects: Arc<dyn ObjectStore>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) ids: Arc<dyn Ids>,
    pub(super) tasks: OwnedTasks,
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
    (desk, renditions): (&StudyDesk, &Renditions),
) -> Segments {
    let ports = SegmentPorts {
        store: base.database.clone(),
        scratch: stores.scratch.clone(),
        objects: stores.objects.clone(),
        leases: base.database,
        uploads: uploads.clone(),
        sessions: desk.sessions.clone(),
        profiles: desk.profiles.clone(),
        clock: base.clock,
        ids: base.ids,
        watcher: Arc::new(Copied(renditions.clone())),
        tasks: Arc::new(base.tasks),
    };
    Segments::new(ports, SegmentRules::default())
}

pub(super) fn renditions(
    base: &Base,
    desk: &StudyDesk,
    images: Arc<dyn ImagePreparer>,
    rules: VisionRules,
) -> Renditions {
    let ports = RenditionPorts {
        images,
        objects: base.objects.clone(),
        jobs: base.database.clone(),
        profiles: desk.profiles.clone(),
        clock: base.clock.clone(),
        ids: base.ids.clone(),
    };
    Renditions::new(ports, rules)
}

/// What a segment shows is cleaned and copied as what was analyzed is.
struct Copied(Renditions);

#[async_trait]
impl ImageWatcher for Copied {
    async fn named(&self, owner: UserId, image: &ObjectKey) -> PortResult<()> {
        self.0.ask(owner, image).await
    }
}
