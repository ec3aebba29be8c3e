//! The folder store's own links.

use async_trait::async_trait;
use bytes::Bytes;
use files::{FolderStore, LinkSigner};
use futures_util::stream::BoxStream;
use http_api::{LinkFault, OpenedObject, SignedObjects, UploadSignature};
use kernel::Clock;
use objects::{ObjectKey, Promise, ReceiveFault};

use crate::runtime::SystemClock;

/// Opens links that the folder store has signed, and takes what is put behind them.
pub(super) struct FolderLinks {
    pub(super) store: FolderStore,
    pub(super) signer: LinkSigner,
}

#[async_trait]
impl SignedObjects for FolderLinks {
    async fn open(
        &self,
        key: &ObjectKey,
        expires: &str,
        signature: &str,
    ) -> Result<Option<OpenedObject>, LinkFault> {
        let now = SystemClock.now();
        let checked = self.signer.verify(key, expires, signature, now);
        checked.map_err(link_fault)?;
        let found = self.store.open_object(key).await?;
        Ok(found.map(|(meta, source)| OpenedObject {
            content_type: meta.content_type,
            source,
        }))
    }

    fn check_upload(&self, key: &ObjectKey, link: &UploadSignature) -> Result<(), LinkFault> {
        let signed = (link.expires.as_str(), link.signature.as_str());
        let now = SystemClock.now();
        let checked = self.signer.verify_upload(key, &link.promise, signed, now);
        checked.map_err(link_fault)
    }

    async fn receive(
        &self,
        key: &ObjectKey,
        promise: &Promise,
        body: BoxStream<'static, std::io::Result<Bytes>>,
    ) -> Result<(), ReceiveFault> {
        self.store.receive(key, promise, body).await
    }
}

fn link_fault(fault: files::LinkFault) -> LinkFault {
    match fault {
        files::LinkFault::Expired => LinkFault::Expired,
        files::LinkFault::Invalid => LinkFault::Invalid,
    }
}
