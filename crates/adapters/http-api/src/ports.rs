//! What the way in asks of others.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::stream::BoxStream;
use kernel::PortError;
use objects::{ObjectKey, ObjectSource, Promise, ReceiveFault};
use privacy::Archive;

/// One dependency of the server.
#[async_trait]
pub trait ReadinessCheck: Send + Sync {
    /// The dependency's name: a word in lower case.
    fn name(&self) -> &'static str;

    /// Whether the server cannot work without it. What is not vital is named when it is down, and
    /// traffic goes on.
    fn is_vital(&self) -> bool {
        true
    }

    /// Whether it works now. The reason goes to the log, not to the caller.
    async fn check(&self) -> Result<(), String>;
}

/// Serves objects behind links this server has signed itself, and takes them.
#[async_trait]
pub trait SignedObjects: Send + Sync {
    /// The object, if the link's `expires` and `signature` fit the key and the time;
    /// `None` if the link is good and the object is gone.
    async fn open(
        &self,
        key: &ObjectKey,
        expires: &str,
        signature: &str,
    ) -> Result<Option<OpenedObject>, LinkFault>;

    /// Whether this server has made the upload link, and it has not expired.
    fn check_upload(&self, key: &ObjectKey, link: &UploadSignature) -> Result<(), LinkFault>;

    /// Takes what was promised, as it arrives, where nothing is yet.
    async fn receive(
        &self,
        key: &ObjectKey,
        promise: &Promise,
        body: BoxStream<'static, std::io::Result<Bytes>>,
    ) -> Result<(), ReceiveFault>;
}

/// What an upload link says of itself.
#[derive(Debug, Clone)]
pub struct UploadSignature {
    /// When it expires.
    pub expires: String,
    /// Proves that this server has made it.
    pub signature: String,
    /// What may be put.
    pub promise: Promise,
}

/// An object behind a link.
#[derive(Clone)]
pub struct OpenedObject {
    /// Its media type.
    pub content_type: String,
    /// Its bytes, all of one version.
    pub source: Arc<dyn ObjectSource>,
}

/// Why a link opens nothing.
#[derive(Debug, thiserror::Error)]
pub enum LinkFault {
    /// Its time is over.
    #[error("the link has expired")]
    Expired,
    /// The signature does not fit.
    #[error("the link is not one of this server")]
    Invalid,
    /// The object could not be read.
    #[error("the object could not be read")]
    Port(#[from] PortError),
}

/// The bytes of an archive as they are made; an error if it is not whole.
pub type ArchiveBytes = BoxStream<'static, std::io::Result<Bytes>>;

/// Opens an archive: the end that is written to and the end that is read.
pub type OpenArchive = Arc<dyn Fn() -> (Box<dyn Archive>, ArchiveBytes) + Send + Sync>;
