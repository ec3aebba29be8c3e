//! Where images and waiting work are kept.

use std::sync::Arc;

use anyhow::Context;
use files::{
    Bounds, DataFolder, FolderJournal, FolderScratch, FolderSpool, FolderStore, LinkSigner,
};
use http_api::SignedObjects;
use kernel::PortResult;
use objects::{ObjectStore, UploadLinks};
use privacy::Leftovers;
use s3::{S3Settings, S3Store};
use segments::Scratch;
use url::Url;
use vision::{Journal, Spool};

use super::links::FolderLinks;
use crate::settings::{self, ObjectSettings, Settings, WaitingSettings};

/// The stores of one process.
pub(crate) struct Stores {
    pub(crate) objects: Arc<dyn ObjectStore>,
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) spool: Arc<dyn Spool>,
    /// Journal and spool again, as places an erasure sweeps.
    pub(crate) leftovers: Vec<Arc<dyn Leftovers>>,
    /// Serves the folder store's links; an S3 store serves its own.
    pub(crate) signed: Option<Arc<dyn SignedObjects>>,
    /// Makes links behind which clients put objects.
    pub(crate) upload_links: Arc<dyn UploadLinks>,
    /// Where what arrives waits until it is whole.
    pub(crate) scratch: Arc<dyn Scratch>,
}

/// The most that may be arriving at once: a hundred segments of the largest size.
const SCRATCH_BYTES: u64 = 1024 * 1024 * 1024;

/// Opens what the settings name.
pub(super) async fn open(
    settings: &Settings,
    folder: &DataFolder,
    address: &Url,
) -> anyhow::Result<Stores> {
    let journal = FolderJournal::open(folder.journal(), bounds(settings.journal));
    let spool = FolderSpool::open(folder.spool(), bounds(settings.spool));
    let scratch = FolderScratch::open(folder.incoming(), SCRATCH_BYTES);
    let (objects, upload_links, signed) = match &settings.objects {
        ObjectSettings::Folder => folder_store(settings, folder, address)?,
        ObjectSettings::S3(s3) => s3_store(s3).await?,
    };
    let journal = Arc::new(journal.context("the journal cannot be opened")?);
    let spool = Arc::new(spool.context("the spool cannot be opened")?);
    Ok(Stores {
        objects,
        signed,
        upload_links,
        scratch: Arc::new(scratch.context("the folder of what arrives cannot be opened")?),
        leftovers: vec![journal.clone(), spool.clone()],
        journal,
        spool,
    })
}

const fn bounds(settings: WaitingSettings) -> Bounds {
    let WaitingSettings { max_bytes, max_age } = settings;
    Bounds {
        bytes: max_bytes,
        age: max_age,
    }
}

type Opened = (
    Arc<dyn ObjectStore>,
    Arc<dyn UploadLinks>,
    Option<Arc<dyn SignedObjects>>,
);

fn folder_store(settings: &Settings, folder: &DataFolder, address: &Url) -> anyhow::Result<Opened> {
    let base = settings.public_url.as_ref().unwrap_or(address).clone();
    let signer = LinkSigner::try_new(&folder.secret("links", 32)?, base)?;
    let store = FolderStore::open(folder.objects(), signer.clone())?;
    let links = FolderLinks {
        store: store.clone(),
        signer,
    };
    let store = Arc::new(store);
    Ok((store.clone(), store, Some(Arc::new(links))))
}

async fn s3_store(settings: &settings::S3Settings) -> anyhow::Result<Opened> {
    let store = bucket(settings)
        .await
        .context("S3_BUCKET: the object store cannot be used")?;
    let store = Arc::new(store);
    Ok((store.clone(), store, None))
}

/// The bucket that the settings name; it is not asked yet.
pub(super) async fn bucket(settings: &settings::S3Settings) -> PortResult<S3Store> {
    let settings = S3Settings {
        endpoint_url: settings.endpoint_url.clone(),
        public_endpoint_url: settings.public_endpoint_url.clone(),
        region: settings.region.clone(),
        prefix: settings.prefix.clone(),
        force_path_style: settings.force_path_style,
        keys: settings.keys.clone().map(access_keys),
        ..S3Settings::new(&settings.bucket)
    };
    S3Store::connect(settings).await
}

fn access_keys(keys: settings::AccessKeys) -> s3::AccessKeys {
    let settings::AccessKeys {
        id,
        secret,
        session_token,
    } = keys;
    s3::AccessKeys {
        id,
        secret,
        session_token,
    }
}
