//! The folder store's own links, as the server opens them.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use files::{FolderStore, LinkSigner};
use futures_util::stream::BoxStream;
use http_api::{LinkFault, OpenedObject, SignedObjects, UploadSignature};
use kernel::Clock;
use objects::{ObjectKey, Promise, ReceiveFault};
use testkit::FixedClock;

pub(super) struct Links {
    pub(super) store: FolderStore,
    pub(super) signer: LinkSigner,
    pub(super) clock: Arc<FixedClock>,
}

#[async_trait]
impl SignedObjects for Links {
    async fn open(
        &self,
        key: &ObjectKey,
        expires: &str,
        signature: &str,
    ) -> Result<Option<OpenedObject>, LinkFault> {
        let now = self.clock.now();
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
        let now = self.clock.now();
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
