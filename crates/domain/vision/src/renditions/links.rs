//! What may be shown of an image.

use kernel::{PortResult, Timestamp, UserId};
use objects::{Link, ObjectKey};

use super::{DISPLAY, Renditions, THUMBNAIL};

/// Links to an image and its copies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageLinks {
    /// The image, without what was written beside its pixels.
    pub image: Link,
    /// A JPEG of at most 1600 pixels a side; `None` while it is not made.
    pub display: Option<Link>,
    /// A JPEG of at most 320 pixels a side; `None` while it is not made.
    pub thumbnail: Option<Link>,
}

impl Renditions {
    /// Links to this user's image and its copies; `None` if they have no such image. Copies that are
    /// missing are asked for.
    pub async fn links(&self, user: UserId, key: &ObjectKey) -> PortResult<Option<ImageLinks>> {
        let is_theirs = key.owner() == Some(user) && !key.is_segment();
        if !is_theirs || self.ports.objects.head(key).await?.is_none() {
            return Ok(None);
        }
        let now = self.ports.clock.now();
        let display = self.copy(key, DISPLAY, now).await?;
        let thumbnail = self.copy(key, THUMBNAIL, now).await?;
        if display.is_none() || thumbnail.is_none() {
            self.ask(user, key).await?;
        }
        Ok(Some(ImageLinks {
            image: self.link(key, now).await?,
            display,
            thumbnail,
        }))
    }

    async fn copy(
        &self,
        key: &ObjectKey,
        (name, _): (&str, u32),
        now: Timestamp,
    ) -> PortResult<Option<Link>> {
        let copy = key.rendition(name);
        match self.ports.objects.head(&copy).await? {
            Some(_) => self.link(&copy, now).await.map(Some),
            None => Ok(None),
        }
    }

    async fn link(&self, key: &ObjectKey, now: Timestamp) -> PortResult<Link> {
        let ttl = self.rules.link_ttl;
        self.ports.objects.link(key, now, ttl).await
    }
}
