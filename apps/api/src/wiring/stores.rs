//! Where images and waiting work are kept.

use std::sync::Arc;

use anyhow::Context;
use async_trait::async_trait;
use files::{Bounds, DataFolder, FolderJournal, FolderSpool, FolderStore, LinkSigner};
use http_api::{LinkFault, OpenedObject, SignedObjects};
use kernel::Clock;
use objects::{ObjectKey, ObjectStore};
use privacy::Leftovers;
use s3::{S3Settings, S3Store};
use url::Url;
use vision::{Journal, Spool};

use crate::runtime::SystemClock;
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
}

/// Opens what the settings name.
pub(super) async fn open(
    settings: &Settings,
    folder: &DataFolder,
    address: &Url,
) -> anyhow::Result<Stores> {
    let journal = FolderJournal::open(folder.journal(), bounds(settings.journal));
    let spool = FolderSpool::open(folder.spool(), bounds(settings.spool));
    let (objects, signed) = match &settings.objects {
        ObjectSettings::Folder => folder_store(settings, folder, address)?,
        ObjectSettings::S3(s3) => (s3_store(s3).await?, None),
    };
    let journal = Arc::new(journal.context("the journal cannot be opened")?);
    let spool = Arc::new(spool.context("the spool cannot be opened")?);
    Ok(Stores {
        objects,
        signed,
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

type Opened = (Arc<dyn ObjectStore>, Option<Arc<dyn SignedObjects>>);

fn folder_store(settings: &Settings, folder: &DataFolder, address: &Url) -> anyhow::Result<Opened> {
    let base = settings.public_url.as_ref().unwrap_or(address).clone();
    let signer = LinkSigner::try_new(&folder.secret("links", 32)?, base)?;
    let store = FolderStore::open(folder.objects(), signer.clone())?;
    let links = FolderLinks {
        store: store.clone(),
        signer,
    };
    Ok((Arc::new(store), Some(Arc::new(links))))
}

async fn s3_store(settings: &settings::S3Settings) -> anyhow::Result<Arc<dyn ObjectStore>> {
    let settings = S3Settings {
        endpoint_url: settings.endpoint_url.clone(),
        region: settings.region.clone(),
        prefix: settings.prefix.clone(),
        force_path_style: settings.force_path_style,
        keys: settings.keys.clone().map(access_keys),
        ..S3Settings::new(&settings.bucket)
    };
    let store = S3Store::connect(settings)
        .await
        .context("S3_BUCKET: the object store cannot be used")?;
    Ok(Arc::new(store))
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

/// Opens links that the folder store has signed.
struct FolderLinks {
    store: FolderStore,
    signer: LinkSigner,
}

#[async_trait]
impl SignedObjects for FolderLinks {
    async fn open(
        &self,
        key: &ObjectKey,
        expires: &str,
        signature: &str,
    ) -> Result<Option<OpenedObject>, LinkFault> {
        let checked = self
            .signer
            .verify(key, expires, signature, SystemClock.now());
        checked.map_err(|fault| match fault {
            files::LinkFault::Expired => LinkFault::Expired,
            files::LinkFault::Invalid => LinkFault::Invalid,
        })?;
        let found = self.store.read(key).await?;
        Ok(found.map(|(meta, body)| OpenedObject {
            content_type: meta.content_type,
            body,
        }))
    }
}
