//! What clients send besides images: segments, and objects behind upload links.

use std::sync::Arc;

use async_trait::async_trait;
use kernel::{PortResult, UserId};
use objects::{ObjectKey, ObjectStore, UploadPorts, UploadRules, Uploads};
use segments::{ImageWatcher, SegmentPorts, SegmentRules, Segments};
use vision::{ImagePreparer, RenditionPorts, Renditions, VisionRules};
use voice::StudyDesk;

use super::Ground;
use super::stores::Stores;

/// What both work with.
#[derive(Clone)]
pub(super) struct Base {
    pub(super) ground: Ground,
    /// As uploads see them.
    pub(super) objects: Arc<dyn ObjectStore>,
}

pub(super) fn uploads(stores: &Stores, base: &Base) -> Uploads {
    let ports = UploadPorts {
        links: stores.upload_links.clone(),
        leases: base.ground.database.clone(),
        objects: base.objects.clone(),
        clock: base.ground.clock.clone(),
        ids: base.ground.ids.clone(),
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
        store: base.ground.database.clone(),
        scratch: stores.scratch.clone(),
        objects: stores.objects.clone(),
        leases: base.ground.database,
        uploads: uploads.clone(),
        sessions: desk.sessions.clone(),
        profiles: desk.profiles.clone(),
        clock: base.ground.clock,
        ids: base.ground.ids,
        watcher: Arc::new(Copied(renditions.clone())),
        tasks: Arc::new(base.ground.tasks),
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
        jobs: base.ground.database.clone(),
        profiles: desk.profiles.clone(),
        clock: base.ground.clock.clone(),
        ids: base.ground.ids.clone(),
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
