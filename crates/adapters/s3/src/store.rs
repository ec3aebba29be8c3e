//! The object store in a bucket.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use aws_sdk_s3::Client;
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::operation::get_object::GetObjectOutput;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::Object;
use bytes::Bytes;
use calls::Guard;
use chrono::{DateTime, TimeDelta};
use kernel::{Fault, PortError, PortResult, Timestamp};
use objects::{KeyPrefix, Link, Listed, ObjectKey, ObjectMeta, ObjectSource, ObjectStore};
use url::Url;

use crate::connect::{self, Clients};
use crate::failure::{failure, no_answer};
use crate::settings::S3Settings;

pub(crate) const PUT: &str = "put object into S3";
const GET: &str = "get object from S3";
const HEAD: &str = "look at object in S3";
const DELETE: &str = "delete object from S3";
const LIST: &str = "list objects in S3";
const LINK: &str = "sign a link to S3";
const CHECK: &str = "write, read and delete a probe in S3";
const MOST_LISTED: i32 = 1000;
/// The range begins behind the object's end.
const BEHIND: u16 = 416;
const UNTYPED: &str = "application/octet-stream";

/// Keeps each object under `{prefix}/{key}` of a bucket.
///
/// The access key needs `s3:PutObject`, `s3:GetObject`, `s3:DeleteObject` and
/// `s3:AbortMultipartUpload` below the prefix, and `s3:ListBucket`, without which S3 says "denied"
/// of a missing object and lists nothing.
#[derive(Debug, Clone)]
pub struct S3Store(Arc<Inner>);

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) client: Client,
    /// Signs links, and sends nothing.
    pub(crate) signer: Client,
    pub(crate) bucket: String,
    prefix: String,
    deadline: Duration,
    guard: Guard,
    /// Tells the probes of one process from those of another.
    probe_id: String,
    probes: AtomicU64,
}

impl S3Store {
    /// Prepares to talk to the bucket. Fails if the bucket's name is empty or no credentials are
    /// found; whether the bucket answers is what [`check`](ObjectStore::check) tells.
    pub async fn connect(settings: S3Settings) -> PortResult<Self> {
        if settings.bucket.is_empty() {
            return Err(PortError::bare(Fault::Refused, "name an S3 bucket"));
        }
        let Clients { calls, links } = connect::clients(&settings).await?;
        let mut random = [0; 8];
        let filled = getrandom::fill(&mut random);
        filled.map_err(|error| PortError::new(Fault::Unavailable, "name S3 probes", error))?;
        Ok(Self(Arc::new(Inner {
            client: calls,
            signer: links,
            bucket: settings.bucket,
            prefix: settings.prefix.trim_matches('/').to_owned(),
            deadline: settings.deadline,
            guard: Guard::new("objects", connect::rules(settings.deadline)),
            probe_id: hex::encode(random),
            probes: AtomicU64::new(0),
        })))
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }
}

#[async_trait]
impl ObjectStore for S3Store {
    #[tracing::instrument(name = "put object", skip_all)]
    async fn put(&self, key: &ObjectKey, content_type: &str, body: Bytes) -> PortResult<()> {
        let put = self.0.put(self.0.name_of(key), content_type, body.into());
        self.0.in_time(PUT, put).await
    }

    async fn put_from(
        &self,
        key: &ObjectKey,
        content_type: &str,
        source: Arc<dyn ObjectSource>,
    ) -> PortResult<()> {
        self.0
            .put_from(self.0.name_of(key), content_type, source)
            .await
    }

    async fn get(&self, key: &ObjectKey) -> PortResult<Option<Bytes>> {
        self.0.in_time(GET, self.0.get(self.0.name_of(key))).await
    }

    async fn get_part(&self, key: &ObjectKey, at: u64, length: usize) -> PortResult<Option<Bytes>> {
        let part = self.0.get_part(self.0.name_of(key), at, length);
        self.0.in_time(GET, part).await
    }

    /// A missing bucket looks like a missing object here: S3 answers HEAD without saying why.
    async fn head(&self, key: &ObjectKey) -> PortResult<Option<ObjectMeta>> {
        self.0.in_time(HEAD, self.0.head(self.0.name_of(key))).await
    }

    async fn delete(&self, key: &ObjectKey) -> PortResult<()> {
        let deleted = self.0.delete(self.0.name_of(key));
        self.0.in_time(DELETE, deleted).await
    }

    async fn list(&self, prefix: &KeyPrefix, after: Option<&ObjectKey>) -> PortResult<Vec<Listed>> {
        let prefix = self.0.prefixed(prefix.as_str());
        let after = after.map(|key| self.0.name_of(key));
        self.0.in_time(LIST, self.0.list(prefix, after)).await
    }

    async fn link(&self, key: &ObjectKey, now: Timestamp, ttl: Duration) -> PortResult<Link> {
        let link = self.0.link(self.0.name_of(key), now, ttl);
        self.0.at_most(LINK, link).await
    }

    async fn check(&self) -> PortResult<()> {
        self.0.in_time(CHECK, self.0.probe()).await
    }
}

impl Inner {
    pub(crate) async fn put(
        &self,
        name: String,
        content_type: &str,
        body: ByteStream,
    ) -> PortResult<()> {
        let request = self.client.put_object().bucket(&self.bucket).key(name);
        let request = request.content_type(content_type);
        let sent = request.body(body).send().await;
        sent.map_err(|error| failure(PUT, &self.bucket, error))?;
        Ok(())
    }

    async fn get(&self, name: String) -> PortResult<Option<Bytes>> {
        let request = self.client.get_object().bucket(&self.bucket).key(name);
        match request.send().await {
            Ok(found) => self.body_of(found).await.map(Some),
            Err(SdkError::ServiceError(answer)) if answer.err().is_no_such_key() => Ok(None),
            Err(error) => Err(failure(GET, &self.bucket, error)),
        }
    }

    /// S3 refuses a range that holds nothing.
    async fn get_part(&self, name: String, at: u64, length: usize) -> PortResult<Option<Bytes>> {
        let Some(last) = (at + length as u64)
            .checked_sub(1)
            .filter(|last| *last >= at)
        else {
            return Ok(self.head(name).await?.map(|_| Bytes::new()));
        };
        let request = self.client.get_object().bucket(&self.bucket).key(name);
        match request.range(format!("bytes={at}-{last}")).send().await {
            Ok(found) => self.body_of(found).await.map(Some),
            Err(SdkError::ServiceError(answer)) if answer.err().is_no_such_key() => Ok(None),
            Err(SdkError::ServiceError(answer)) if answer.raw().status().as_u16() == BEHIND => {
                Ok(Some(Bytes::new()))
            }
            Err(error) => Err(failure(GET, &self.bucket, error)),
        }
    }

    async fn body_of(&self, found: GetObjectOutput) -> PortResult<Bytes> {
        let body = found.body.collect().await;
        let body = body.map_err(|broken| no_answer(GET, &self.bucket, broken))?;
        Ok(body.into_bytes())
    }

    async fn head(&self, name: String) -> PortResult<Option<ObjectMeta>> {
        let request = self.client.head_object().bucket(&self.bucket).key(name);
        let found = match request.send().await {
            Ok(found) => found,
            Err(SdkError::ServiceError(answer)) if answer.err().is_not_found() => return Ok(None),
            Err(error) => return Err(failure(HEAD, &self.bucket, error)),
        };
        let size = found
            .content_length()
            .and_then(|size| u64::try_from(size).ok());
        let size = size.ok_or_else(|| PortError::bare(Fault::Corrupt, HEAD))?;
        let content_type = found.content_type.unwrap_or_else(|| UNTYPED.to_owned());
        Ok(Some(ObjectMeta { size, content_type }))
    }

    async fn delete(&self, name: String) -> PortResult<()> {
        let request = self.client.delete_object().bucket(&self.bucket).key(name);
        let sent = request.send().await;
        sent.map_err(|error| failure(DELETE, &self.bucket, error))?;
        Ok(())
    }

    async fn list(&self, prefix: String, after: Option<String>) -> PortResult<Vec<Listed>> {
        let request = self.client.list_objects_v2().bucket(&self.bucket);
        let request = request.prefix(prefix).set_start_after(after);
        let page = request.max_keys(MOST_LISTED).send().await;
        let page = page.map_err(|error| failure(LIST, &self.bucket, error))?;
        let found = page.contents.unwrap_or_default();
        Ok(found
            .iter()
            .filter_map(|object| self.listed(object))
            .collect())
    }

    /// What bears no key of ours was put there by somebody else.
    fn listed(&self, object: &Object) -> Option<Listed> {
        let key = object.key()?.strip_prefix(&self.prefixed(""))?;
        Some(Listed {
            key: key.parse().ok()?,
            size: u64::try_from(object.size()?).ok()?,
        })
    }

    async fn link(&self, name: String, now: Timestamp, ttl: Duration) -> PortResult<Link> {
        let signing = PresigningConfig::builder()
            .start_time(SystemTime::from(now))
            .expires_in(ttl)
            .build()
            .map_err(|error| PortError::new(Fault::Refused, LINK, error))?;
        let request = self.signer.get_object().bucket(&self.bucket).key(name);
        let signed = request.presigned(signing).await;
        let signed = signed.map_err(|error| failure(LINK, &self.bucket, error))?;
        let url = Url::parse(signed.uri());
        let url = url.map_err(|error| PortError::new(Fault::Corrupt, LINK, error))?;
        let expires_at = end(now, ttl).ok_or_else(|| PortError::bare(Fault::Refused, LINK))?;
        Ok(Link { url, expires_at })
    }

    /// No key begins with a dot, so a probe is nobody's object.
    async fn probe(&self) -> PortResult<()> {
        let number = self.probes.fetch_add(1, Ordering::Relaxed);
        let name = self.prefixed(&format!(".probe-{}-{number}", self.probe_id));
        let written = Bytes::from(self.probe_id.clone());
        Box::pin(self.put(name.clone(), "text/plain", written.clone().into())).await?;
        let read = Box::pin(self.get(name.clone())).await;
        Box::pin(self.delete(name)).await?;
        if read? == Some(written) {
            Ok(())
        } else {
            Err(PortError::bare(Fault::Corrupt, CHECK))
        }
    }

    pub(crate) fn name_of(&self, key: &ObjectKey) -> String {
        self.prefixed(key.as_str())
    }

    pub(crate) fn prefixed(&self, key: &str) -> String {
        match self.prefix.as_str() {
            "" => key.to_owned(),
            prefix => format!("{prefix}/{key}"),
        }
    }

    /// A call to the bucket: in time, and not at all while the bucket is left alone. The SDK repeats
    /// what may be repeated.
    pub(crate) fn in_time<'a, T: Send + 'a>(
        &'a self,
        context: &'static str,
        call: impl Future<Output = PortResult<T>> + Send + 'a,
    ) -> Pin<Box<dyn Future<Output = PortResult<T>> + Send + 'a>> {
        Box::pin(self.guard.once(context, self.at_most(context, call)))
    }

    /// The SDK's own deadline ends with the answer's head; this one covers the body too. Boxed,
    /// because the SDK's futures take some 40 kB.
    pub(crate) fn at_most<'a, T>(
        &'a self,
        context: &'static str,
        call: impl Future<Output = PortResult<T>> + Send + 'a,
    ) -> Pin<Box<dyn Future<Output = PortResult<T>> + Send + 'a>> {
        Box::pin(async move {
            match tokio::time::timeout(self.deadline, call).await {
                Ok(result) => result,
                Err(late) => Err(no_answer(context, &self.bucket, late)),
            }
        })
    }
}

/// Links carry whole seconds: both ends are cut.
pub(crate) fn end(now: Timestamp, ttl: Duration) -> Option<Timestamp> {
    let ttl = TimeDelta::try_seconds(i64::try_from(ttl.as_secs()).ok()?)?;
    DateTime::from_timestamp(now.timestamp(), 0)?.checked_add_signed(ttl)
}
