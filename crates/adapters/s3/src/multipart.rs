//! Large objects, sent in parts.

use std::sync::Arc;

use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use kernel::{Fault, PortError, PortResult};
use objects::ObjectSource;

use crate::failure::failure;
use crate::store::{Inner, PUT};
use crate::streamed::Stretch;

/// The size of all parts but the last; what is not larger is sent at once. S3 takes no part below
/// 5 MiB but the last, and 10,000 parts at most: 80 GB.
const PART: u64 = 8 * 1024 * 1024;

/// An upload that has begun.
struct Upload<'a> {
    inner: &'a Inner,
    name: String,
    id: String,
}

impl Inner {
    /// Puts what `source` reads; every call ends within the deadline, not all of them together.
    pub(crate) async fn put_from(
        &self,
        name: String,
        content_type: &str,
        source: Arc<dyn ObjectSource>,
    ) -> PortResult<()> {
        if source.size() <= PART {
            let whole = Stretch::new(Arc::clone(&source), 0, source.size());
            let put = self.put(name, content_type, whole.body());
            let sent = self.in_time(PUT, put).await;
            return sent.map_err(|error| whole.or_source(error));
        }
        let begin = self.begin(name, content_type);
        let upload = self.in_time(PUT, begin).await?;
        let sent = upload.send(&source).await;
        if sent.is_err() {
            upload.abort().await;
        }
        sent
    }

    async fn begin(&self, name: String, content_type: &str) -> PortResult<Upload<'_>> {
        let request = self.client.create_multipart_upload();
        let request = request.bucket(&self.bucket).key(&name);
        let begun = request.content_type(content_type).send().await;
        let begun = begun.map_err(|error| failure(PUT, &self.bucket, error))?;
        let id = begun.upload_id;
        let id = id.ok_or_else(|| PortError::bare(Fault::Corrupt, PUT))?;
        Ok(Upload {
            inner: self,
            name,
            id,
        })
    }
}

impl Upload<'_> {
    async fn send(&self, source: &Arc<dyn ObjectSource>) -> PortResult<()> {
        let mut parts = Vec::new();
        let (mut number, mut at) = (1, 0);
        while at < source.size() {
            let length = PART.min(source.size() - at);
            let stretch = Stretch::new(Arc::clone(source), at, length);
            let sent = self.inner.in_time(PUT, self.part(number, &stretch)).await;
            parts.push(sent.map_err(|error| stretch.or_source(error))?);
            at += length;
            number += 1;
        }
        self.inner.in_time(PUT, self.complete(parts)).await
    }

    async fn part(&self, number: i32, stretch: &Stretch) -> PortResult<CompletedPart> {
        let request = self.inner.client.upload_part();
        let request = request.bucket(&self.inner.bucket).key(&self.name);
        let request = request.upload_id(&self.id).part_number(number);
        let sent = request.body(stretch.body()).send().await;
        let sent = sent.map_err(|error| failure(PUT, &self.inner.bucket, error))?;
        let part = CompletedPart::builder().part_number(number);
        Ok(part.set_e_tag(sent.e_tag).build())
    }

    async fn complete(&self, parts: Vec<CompletedPart>) -> PortResult<()> {
        let parts = CompletedMultipartUpload::builder().set_parts(Some(parts));
        let request = self.inner.client.complete_multipart_upload();
        let request = request.bucket(&self.inner.bucket).key(&self.name);
        let request = request.upload_id(&self.id);
        let sent = request.multipart_upload(parts.build()).send().await;
        sent.map_err(|error| failure(PUT, &self.inner.bucket, error))?;
        Ok(())
    }

    /// Parts of an upload that was neither completed nor aborted stay in the bucket unseen, until
    /// its own rule for such removes them.
    async fn abort(&self) {
        let request = self.inner.client.abort_multipart_upload();
        let request = request.bucket(&self.inner.bucket).key(&self.name);
        let abort = async {
            let sent = request.upload_id(&self.id).send().await;
            sent.map_err(|error| failure(PUT, &self.inner.bucket, error))
        };
        if let Err(error) = self.inner.in_time(PUT, abort).await {
            tracing::warn!(
                key = self.name,
                error = &error as &dyn std::error::Error,
                "an upload in parts could not be aborted, its parts stay in the bucket"
            );
        }
    }
}
