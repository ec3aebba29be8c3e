//! Links behind which clients put objects themselves.

use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use aws_sdk_s3::presigning::{PresignedRequest, PresigningConfig};
use kernel::{Fault, PortError, PortResult, Timestamp};
use objects::{ObjectKey, Promise, UploadLink, UploadLinks};
use url::Url;

use crate::S3Store;
use crate::failure::failure;
use crate::store::{Inner, end};

const LINK: &str = "sign an upload link to S3";
/// Only where nothing is yet.
const NOTHING: &str = "*";
/// Set by every client, and not by all of them as it is told.
const HOST: &str = "host";

#[async_trait]
impl UploadLinks for S3Store {
    /// The signature covers type, size and checksum as headers, and S3 checks the bytes against the
    /// checksum it is told. Where no checksum is promised, none is checked.
    async fn upload_link(
        &self,
        key: &ObjectKey,
        promise: &Promise,
        now: Timestamp,
        ttl: Duration,
    ) -> PortResult<UploadLink> {
        let inner = self.inner();
        let signed = inner.at_most(LINK, inner.sign_upload(key, promise, (now, ttl)));
        told(&signed.await?, end(now, ttl))
    }

    fn key_in(&self, url: &Url) -> Option<ObjectKey> {
        self.inner().key_in(url)
    }
}

impl Inner {
    async fn sign_upload(
        &self,
        key: &ObjectKey,
        promise: &Promise,
        (now, ttl): (Timestamp, Duration),
    ) -> PortResult<PresignedRequest> {
        let refused = |error| PortError::new(Fault::Refused, LINK, error);
        let signing = PresigningConfig::builder()
            .start_time(SystemTime::from(now))
            .expires_in(ttl)
            .build();
        let signing = signing.map_err(refused)?;
        let size = i64::try_from(promise.size);
        let size = size.map_err(|error| PortError::new(Fault::Refused, LINK, error))?;
        let request = self.signer.put_object().bucket(&self.bucket);
        let request = request.key(self.name_of(key)).if_none_match(NOTHING);
        let request = request
            .content_type(&promise.content_type)
            .content_length(size);
        let sha256 = promise.sha256.map(|sha256| sha256.base64());
        let signed = request.set_checksum_sha256(sha256).presigned(signing).await;
        signed.map_err(|error| failure(LINK, &self.bucket, error))
    }

    /// Names the bucket in the host or in the path, whoever signed it.
    fn key_in(&self, url: &Url) -> Option<ObjectKey> {
        let path = url.path().strip_prefix('/')?;
        let (host, in_path) = (url.host_str()?, format!("{}/", self.bucket));
        let name = match path.strip_prefix(&in_path) {
            Some(name) => name,
            None if host.starts_with(&format!("{}.", self.bucket)) => path,
            None => return None,
        };
        name.strip_prefix(&self.prefixed(""))?.parse().ok()
    }
}

fn told(signed: &PresignedRequest, expires_at: Option<Timestamp>) -> PortResult<UploadLink> {
    let url = Url::parse(signed.uri());
    let url = url.map_err(|error| PortError::new(Fault::Corrupt, LINK, error))?;
    let headers = signed.headers().filter(|(name, _)| *name != HOST);
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Ok(UploadLink {
        url,
        headers: headers.collect(),
        expires_at: expires_at.ok_or_else(|| PortError::bare(Fault::Refused, LINK))?,
    })
}
