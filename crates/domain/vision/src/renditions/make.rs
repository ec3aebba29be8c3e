//! Making copies.

use async_trait::async_trait;
use bytes::Bytes;
use jobs::{Failure, Handler, Job, Kind, Reason, Reporter};
use kernel::{Fault, PortError};
use objects::ObjectKey;
use serde_json::{Value, json};

use super::{DISPLAY, KIND, Renditions, THUMBNAIL};
use crate::image::{ImageFault, View, ViewSpec};

/// Makes the copies of the images of jobs.
pub struct ImageHandler(Renditions);

/// What is stored of a job.
pub(super) fn task(key: &ObjectKey) -> Value {
    json!({ "version": 1, "s3Key": key.as_str() })
}

fn key_of(payload: &Value) -> Option<ObjectKey> {
    let is_known = payload["version"] == 1;
    payload["s3Key"].as_str().filter(|_| is_known)?.parse().ok()
}

impl ImageHandler {
    /// By these.
    pub const fn new(renditions: Renditions) -> Self {
        Self(renditions)
    }
}

#[async_trait]
impl Handler for ImageHandler {
    fn kind(&self) -> Kind {
        Kind::new(KIND)
    }

    async fn run(&self, job: &Job, _: &Reporter) -> Result<Value, Failure> {
        let unreadable = || {
            let message = "the payload is not of a shape this build knows";
            Failure::lasting(Reason::new(Reason::UNREADABLE, message))
        };
        let key = key_of(&job.payload).ok_or_else(unreadable)?;
        self.0.make(&key).await.map_err(|fault| failure(&fault))?;
        Ok(Value::Null)
    }
}

impl Renditions {
    /// Makes the copies of one image; making them again gives the same. An image that its client
    /// has put into the store as it was is cleaned first.
    async fn make(&self, key: &ObjectKey) -> Result<(), ImageFault> {
        let Some(file) = self.ports.objects.get(key).await? else {
            // Still in the spool, or gone with its user.
            return Err(PortError::bare(Fault::Unavailable, "find the image to copy").into());
        };
        let (_, side) = DISPLAY;
        let spec = ViewSpec::Jpeg { max_side: side };
        let display = self.ports.images.prepare(file.clone(), spec).await?;
        if let Some(cleaned) = display.cleaned {
            let content_type = display.format.content_type();
            let objects = &self.ports.objects;
            objects.put(&key.original(), content_type, file).await?;
            objects.put(key, content_type, cleaned).await?;
        }
        let display = jpeg(display.view)?;
        let (_, side) = THUMBNAIL;
        let spec = ViewSpec::Jpeg { max_side: side };
        let thumbnail = self.ports.images.prepare(display.clone(), spec).await?;
        self.keep(key, THUMBNAIL, jpeg(thumbnail.view)?).await?;
        self.keep(key, DISPLAY, display).await
    }

    async fn keep(
        &self,
        key: &ObjectKey,
        (name, _): (&str, u32),
        copy: Bytes,
    ) -> Result<(), ImageFault> {
        let place = key.rendition(name);
        let objects = &self.ports.objects;
        Ok(objects.put(&place, "image/jpeg", copy).await?)
    }
}

fn jpeg(view: View) -> Result<Bytes, PortError> {
    match view {
        View::Jpeg { bytes, .. } => Ok(bytes),
        View::Grey { .. } => Err(PortError::bare(
            Fault::Corrupt,
            "copy an image: no JPEG came",
        )),
    }
}

/// A file that cannot be decoded never can; who was erased stays so.
fn failure(fault: &ImageFault) -> Failure {
    let reason = |code| Reason::new(code, fault.to_string());
    match fault {
        ImageFault::Port(error) if error.fault() == Fault::Gone => Failure::lasting(reason("gone")),
        ImageFault::Port(_) => Failure::passing(reason("storage")),
        _ => Failure::lasting(reason("not_an_image")),
    }
}
