//! Segments as a facade.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use kernel::{
    Clock, Fault, Ids, Page, PageRequest, PortError, PortResult, SegmentId, Tasks, Timestamp,
    UserId, to_millis,
};
use ledger::{Actor, Change, Entry, SegmentStored};
use objects::{Lease, Leases, Link, ObjectKey, ObjectStore, Uploads};
use sessions::{Profiles, Sessions};
use url::Url;

use crate::error::{SegmentError, SegmentListError};
use crate::incoming::{Arrived, Incoming};
use crate::label::Label;
use crate::ports::{ImageWatcher, Kept, Scratch, SegmentStore};
use crate::reading::Fields;
use crate::segment::{Missing, Segment, SegmentPlace, Sound};

/// Keeps and lists segments.
#[derive(Clone)]
pub struct Segments {
    ports: Arc<SegmentPorts>,
    rules: SegmentRules,
}

/// What [`Segments`] works with.
pub struct SegmentPorts {
    /// Keeps segments.
    pub store: Arc<dyn SegmentStore>,
    /// Where sound waits while it arrives.
    pub scratch: Arc<dyn Scratch>,
    /// Keeps sound. It need not ask whether a user was erased: the row that is to name the sound
    /// does.
    pub objects: Arc<dyn ObjectStore>,
    /// Keeps leases.
    pub leases: Arc<dyn Leases>,
    /// Knows upload links.
    pub uploads: Uploads,
    /// Knows the user's sessions.
    pub sessions: Sessions,
    /// Reads profiles.
    pub profiles: Profiles,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes ids.
    pub ids: Arc<dyn Ids>,
    /// Hears of images.
    pub watcher: Arc<dyn ImageWatcher>,
    /// Runs what goes on after the answer.
    pub tasks: Arc<dyn Tasks>,
}

/// Limits and waiting times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SegmentRules {
    /// The most sound of one segment, in bytes.
    pub max_bytes: usize,
    /// How long sound that no segment names yet stays.
    pub grace: Duration,
    /// How long a link works.
    pub link_ttl: Duration,
}

impl Default for SegmentRules {
    /// 10 MB, 1 h, 1 h.
    fn default() -> Self {
        Self {
            max_bytes: 10 * 1024 * 1024,
            grace: Duration::from_hours(1),
            link_ttl: Duration::from_hours(1),
        }
    }
}

/// A segment with links to what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Linked {
    /// The segment.
    pub segment: Segment,
    /// Opens the sound.
    pub sound: Option<Link>,
    /// Opens the image: a link of ours, or the URL that the client gave.
    pub image: Option<Url>,
}

/// Segments of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentList {
    /// Newest first.
    pub page: Page<Linked>,
    /// Images without a segment in the whole session, though a later one has one.
    pub missing: Vec<Missing>,
}

impl Segments {
    /// The facade over its ports.
    pub fn new(ports: SegmentPorts, rules: SegmentRules) -> Self {
        Self {
            ports: Arc::new(ports),
            rules,
        }
    }

    /// The limits it works within.
    pub const fn rules(&self) -> &SegmentRules {
        &self.rules
    }

    /// A request that is about to arrive.
    pub fn incoming(&self, user: UserId) -> Incoming {
        Incoming::new(user, self.ports.scratch.clone(), self.rules.max_bytes)
    }

    /// Keeps the segment that has arrived, in place of the one before. Object and row change
    /// together: however many arrive at once, one of them stays, with its own sound.
    pub async fn keep(&self, incoming: Incoming) -> Result<SegmentId, SegmentError> {
        let user = incoming.user;
        let (fields, arrived) = incoming.finish().await?;
        let signed_url = fields.signed_url()?.map(str::to_owned);
        if signed_url.is_none() && arrived.is_none() {
            return Err(SegmentError::Empty);
        }
        let segment = self.segment(user, &fields, signed_url).await?;
        let segment = match arrived {
            Some(arrived) => self.with_sound(segment, arrived).await?,
            None => segment,
        };
        let kept = self.put(&segment).await?;
        if let Some(key) = kept.discarded {
            self.remove(&key).await;
        }
        if let Some(image) = segment.image {
            self.tell(image);
        }
        Ok(segment.id)
    }

    /// Of somebody who was erased meanwhile nothing stays. After other failures nobody knows whether
    /// the row names the sound: its lease tells when it ends.
    async fn put(&self, segment: &Segment) -> Result<Kept, SegmentError> {
        let entry = self.entry(segment).await?;
        let kept = self.ports.store.put(segment, &entry).await;
        if let (Err(error), Some(sound)) = (&kept, &segment.sound)
            && error.fault() == Fault::Gone
        {
            self.ports.objects.delete(&sound.key).await?;
        }
        Ok(kept?)
    }

    fn tell(&self, image: ObjectKey) {
        let watcher = self.ports.watcher.clone();
        let telling = async move {
            let Some(owner) = image.owner() else {
                return;
            };
            if let Err(error) = watcher.named(owner, &image).await {
                tracing::warn!(key = %image, error = &error as &dyn std::error::Error,
                    "an image that a segment names could not be told of");
            }
        };
        self.ports
            .tasks
            .spawn("tell of a segment's image", Box::pin(telling));
    }

    async fn segment(
        &self,
        user: UserId,
        fields: &Fields,
        signed_url: Option<String>,
    ) -> Result<Segment, SegmentError> {
        let place = fields.place()?;
        let image = match &signed_url {
            Some(named) => self.image(user, named).await?,
            None => None,
        };
        let received_at = to_millis(self.ports.clock.now());
        Ok(Segment {
            id: place.id(user),
            user,
            place,
            signed_url,
            image,
            sound: None,
            created_at: received_at,
            received_at,
        })
    }

    /// A key or a URL may lead to an image of ours.
    async fn image(&self, user: UserId, named: &str) -> PortResult<Option<ObjectKey>> {
        if let Ok(url) = Url::parse(named) {
            return self.ports.uploads.linked(user, &url).await;
        }
        let key: Option<ObjectKey> = named.parse().ok();
        Ok(key.filter(|key| key.owner() == Some(user)))
    }

    /// Puts the sound into the store under a key of its own.
    async fn with_sound(
        &self,
        segment: Segment,
        arrived: Arrived,
    ) -> Result<Segment, SegmentError> {
        let Arrived { container, source } = arrived;
        let (user, at) = (segment.user, segment.received_at);
        let key = ObjectKey::segment(user, at, self.ports.ids.next(at), container.extension());
        let grace = TimeDelta::from_std(self.rules.grace).unwrap_or(TimeDelta::MAX);
        let lease = Lease {
            key: key.clone(),
            until: at + grace,
            promise: None,
            is_claimed: false,
        };
        self.ports.leases.take(&lease).await?;
        let sound = Sound::new(key.clone(), container, source.size());
        let put = self
            .ports
            .objects
            .put_from(&key, container.content_type(), source);
        put.await.map_err(storage)?;
        Ok(Segment {
            sound: Some(sound),
            ..segment
        })
    }

    async fn entry(&self, segment: &Segment) -> PortResult<Entry> {
        let zone = self.ports.profiles.get(segment.user).await?.zone;
        let SegmentPlace { session, image, .. } = &segment.place;
        let change = SegmentStored {
            segment_id: segment.id,
            session: session.as_ref().map(ToString::to_string),
            image_index: image.number(),
            audio_bytes: segment.sound.as_ref().map(|sound| sound.bytes),
        };
        Ok(Entry {
            id: self.ports.ids.next(segment.received_at).into(),
            user: segment.user,
            actor: Actor::User,
            device_time: None,
            server_time: segment.received_at,
            zone,
            change: Change::SegmentStored(change),
        })
    }

    /// What cannot be removed now goes when its lease is swept.
    async fn remove(&self, key: &ObjectKey) {
        let removed = self.ports.objects.delete(key).await;
        let forgotten = match removed {
            Ok(()) => self.ports.leases.forget(key).await,
            failed => failed,
        };
        if let Err(error) = forgotten {
            tracing::warn!(key = %key, error = &error as &dyn std::error::Error,
                "sound that no segment names any more could not be removed yet");
        }
    }

    /// The user's segments of the session that the client or this server calls so, newest first.
    pub async fn list(
        &self,
        user: UserId,
        session: &Label,
        page: PageRequest,
    ) -> Result<SegmentList, SegmentListError> {
        let places = self.ports.store.places(user, session).await?;
        if places.is_empty() {
            self.require_session(user, session).await?;
        }
        let listed = self.ports.store.list(user, session, page).await?;
        let now = self.ports.clock.now();
        let mut items = Vec::with_capacity(listed.items.len());
        for segment in listed.items {
            items.push(self.linked(segment, now).await?);
        }
        Ok(SegmentList {
            page: Page {
                items,
                next: listed.next,
            },
            missing: Missing::among(&places),
        })
    }

    async fn require_session(&self, user: UserId, session: &Label) -> Result<(), SegmentListError> {
        let id = session.as_str().parse();
        let id = id.map_err(|_| SegmentListError::SessionNotFound)?;
        self.ports.sessions.get(user, id).await?;
        Ok(())
    }

    async fn linked(&self, segment: Segment, now: Timestamp) -> PortResult<Linked> {
        let ttl = self.rules.link_ttl;
        let sound = match &segment.sound {
            Some(sound) => Some(self.ports.objects.link(&sound.key, now, ttl).await?),
            None => None,
        };
        let image = match &segment.image {
            Some(key) => Some(self.ports.objects.link(key, now, ttl).await?.url),
            None => segment.signed_url.as_deref().and_then(elsewhere),
        };
        Ok(Linked {
            segment,
            sound,
            image,
        })
    }
}

/// A URL that a page may show; anything else is no link.
fn elsewhere(named: &str) -> Option<Url> {
    let url = Url::parse(named).ok()?;
    matches!(url.scheme(), "http" | "https").then_some(url)
}

/// An erased user is no fault of the store.
fn storage(error: PortError) -> SegmentError {
    match error.fault() {
        Fault::Gone => SegmentError::Port(error),
        _ => SegmentError::Storage(error),
    }
}
