//! Everything of a user.

use std::path::PathBuf;
use std::sync::Arc;

use database::Database;
use email::Outbox;
use files::{FolderCharges, FolderRecordings};
use futures_util::StreamExt;
use http_api::OpenArchive;
use privacy::{Leftovers, MarkedStore, Privacy, PrivacyPorts};
use topics::Topics;
use vision::Vision;
use zip_archive::zip_stream;

use super::Ground;
use super::reuse::LastPictures;
use super::stores::Stores;
use crate::runtime::{OwnedTasks, TokioTimer};

/// The stores as uploads see them: nothing of erased users gets in.
pub(super) fn marked(stores: &Stores, database: &Arc<Database>, tasks: &OwnedTasks) -> MarkedStore {
    MarkedStore::new(
        stores.objects.clone(),
        database.clone(),
        Arc::new(tasks.clone()),
        Arc::new(TokioTimer),
    )
}

/// What is asked besides the database and the stores.
pub(super) struct Base {
    pub(super) ground: Ground,
    pub(super) topics: Topics,
    pub(super) recordings: FolderRecordings,
    /// Remembers last pictures.
    pub(super) vision: Vision,
    /// What waits to be charged.
    pub(super) charges: FolderCharges,
    /// Where mail goes without a server.
    pub(super) mails: Option<PathBuf>,
}

/// Joins export and erasure to their ports.
pub(super) fn privacy(stores: &Stores, base: Base) -> Privacy {
    let Base {
        ground,
        topics,
        recordings,
        vision,
        charges,
        mails,
    } = base;
    let mut leftovers = stores.leftovers.clone();
    leftovers.push(Arc::new(recordings));
    leftovers.push(Arc::new(LastPictures(vision)));
    leftovers.push(Arc::new(charges));
    if let Some(folder) = mails {
        leftovers.push(Arc::new(Outbox::new(folder)) as Arc<dyn Leftovers>);
    }
    Privacy::new(PrivacyPorts {
        rows: ground.database.clone(),
        erasures: ground.database,
        objects: stores.objects.clone(),
        leftovers,
        topics,
        clock: ground.clock,
        ids: ground.ids,
    })
}

/// Exports are zips.
pub(crate) fn archives() -> OpenArchive {
    Arc::new(|| {
        let (archive, bytes) = zip_stream();
        (archive, bytes.boxed())
    })
}
