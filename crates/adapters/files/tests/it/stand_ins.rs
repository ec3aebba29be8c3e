//! Stores for recordings: one that can be away, and one that knows a single owner.

use super::*;

#[async_trait]
impl ObjectStore for Switch {
    async fn put(&self, key: &ObjectKey, content_type: &str, body: Bytes) -> PortResult<()> {
        self.inner.put(key, content_type, body).await
    }

    async fn put_from(
        &self,
        key: &ObjectKey,
        content_type: &str,
        source: Arc<dyn ObjectSource>,
    ) -> PortResult<()> {
        if self.is_away.load(Ordering::SeqCst) {
            return Err(PortError::bare(Fault::Unavailable, "away"));
        }
        self.inner.put_from(key, content_type, source).await
    }

    async fn get(&self, key: &ObjectKey) -> PortResult<Option<Bytes>> {
        self.inner.get(key).await
    }

    async fn get_part(&self, key: &ObjectKey, at: u64, length: usize) -> PortResult<Option<Bytes>> {
        self.inner.get_part(key, at, length).await
    }

    async fn head(&self, key: &ObjectKey) -> PortResult<Option<ObjectMeta>> {
        self.inner.head(key).await
    }

    async fn delete(&self, key: &ObjectKey) -> PortResult<()> {
        self.inner.delete(key).await
    }

    async fn list(&self, prefix: &KeyPrefix, after: Option<&ObjectKey>) -> PortResult<Vec<Listed>> {
        self.inner.list(prefix, after).await
    }

    async fn link(&self, key: &ObjectKey, now: Timestamp, ttl: Duration) -> PortResult<Link> {
        self.inner.link(key, now, ttl).await
    }

    async fn check(&self) -> PortResult<()> {
        self.inner.check().await
    }
}

/// Knows that the first conversation is Ada's, and nothing else.
pub(super) struct Adas;

#[async_trait]
impl VoiceStore for Adas {
    async fn find(&self, user: UserId, id: VoiceSessionId) -> PortResult<Option<VoiceSession>> {
        let is_hers = user == UserId::from_name("ada") && id == talk(1);
        Ok(is_hers.then(|| VoiceSession {
            id,
            user,
            session: crate::given::id(2).into(),
            started_at: at(0),
            zone: kernel::parse_zone("Europe/Berlin").unwrap(),
            state: voice::TalkState::Open {
                last_seen_at: at(0),
            },
            model: String::new(),
            usage: voice::Usage::default(),
            cost_micros: None,
        }))
    }

    async fn open(&self, _: &VoiceOpening) -> PortResult<Stored> {
        unused()
    }

    async fn append(&self, _: &Append) -> PortResult<()> {
        unused()
    }

    async fn close(&self, _: &VoiceClose) -> PortResult<Stored> {
        unused()
    }

    async fn turns(&self, _: UserId, _: VoiceSessionId, _: u32, _: u16) -> PortResult<Vec<Turn>> {
        unused()
    }

    async fn list(
        &self,
        _: UserId,
        _: Option<SessionId>,
        _: PageRequest,
    ) -> PortResult<Page<VoiceSession>> {
        unused()
    }

    async fn talked(&self, _: UserId, _: Timestamp) -> PortResult<TimeDelta> {
        unused()
    }

    async fn abandoned(&self, _: Timestamp, _: u16) -> PortResult<Vec<VoiceSession>> {
        unused()
    }
}

fn unused<T>() -> PortResult<T> {
    Err(PortError::bare(Fault::Refused, "not asked for here"))
}
