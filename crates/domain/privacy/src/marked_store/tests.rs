//! What belongs to nobody any more is not kept.

use std::collections::BTreeMap;
use std::sync::Mutex;

use futures_util::FutureExt;
use kernel::{AuditId, Task, UserId, VoiceSessionId};
use uuid::Uuid;

use super::*;
use crate::ports::Whose;

/// Objects in memory, of this test alone.
#[derive(Default)]
struct Kept(Mutex<BTreeMap<ObjectKey, Bytes>>);

/// Knows one conversation and no user.
struct OneConversation(VoiceSessionId);

/// Runs what never waits.
struct AtOnce;

struct Forever;

impl Tasks for AtOnce {
    fn spawn(&self, name: &'static str, task: Task) {
        task.now_or_never().expect(name);
    }
}

#[async_trait]
impl Timer for Forever {
    async fn sleep(&self, _: Duration) {
        std::future::pending::<()>().await;
    }
}

#[async_trait]
impl Erasures for OneConversation {
    async fn is_conversation_erased(&self, id: VoiceSessionId) -> PortResult<bool> {
        Ok(id != self.0)
    }

    async fn is_erased(&self, _: UserId, _: Option<Timestamp>) -> PortResult<bool> {
        unused()
    }

    async fn mark(&self, _: UserId, _: Timestamp) -> PortResult<Whose> {
        unused()
    }

    async fn remove_rows(
        &self,
        _: UserId,
        _: Timestamp,
        _: AuditId,
    ) -> PortResult<BTreeMap<String, u64>> {
        unused()
    }

    async fn unfinished(&self, _: Timestamp) -> PortResult<Vec<UserId>> {
        unused()
    }
}

#[async_trait]
impl ObjectStore for Kept {
    async fn put(&self, key: &ObjectKey, _: &str, body: Bytes) -> PortResult<()> {
        self.0.lock().unwrap().insert(key.clone(), body);
        Ok(())
    }

    async fn put_from(
        &self,
        key: &ObjectKey,
        content_type: &str,
        source: Arc<dyn ObjectSource>,
    ) -> PortResult<()> {
        let body = source.read(0, 3).await?;
        self.put(key, content_type, body).await
    }

    async fn get(&self, key: &ObjectKey) -> PortResult<Option<Bytes>> {
        Ok(self.0.lock().unwrap().get(key).cloned())
    }

    async fn delete(&self, key: &ObjectKey) -> PortResult<()> {
        self.0.lock().unwrap().remove(key);
        Ok(())
    }

    async fn get_part(&self, _: &ObjectKey, _: u64, _: usize) -> PortResult<Option<Bytes>> {
        unused()
    }

    async fn head(&self, _: &ObjectKey) -> PortResult<Option<ObjectMeta>> {
        unused()
    }

    async fn list(&self, _: &KeyPrefix, _: Option<&ObjectKey>) -> PortResult<Vec<Listed>> {
        unused()
    }

    async fn link(&self, _: &ObjectKey, _: Timestamp, _: Duration) -> PortResult<Link> {
        unused()
    }

    async fn check(&self) -> PortResult<()> {
        unused()
    }
}

fn unused<T>() -> PortResult<T> {
    Err(PortError::bare(Fault::Refused, "not asked for here"))
}

struct ThreeBytes;

#[async_trait]
impl ObjectSource for ThreeBytes {
    fn size(&self) -> u64 {
        3
    }

    async fn read(&self, _: u64, _: usize) -> PortResult<Bytes> {
        Ok(Bytes::from_static(b"wav"))
    }
}

#[test]
fn a_recording_is_kept_as_long_as_its_conversation_is_known() {
    let (known, unknown) = (Uuid::from_u128(1).into(), Uuid::from_u128(2).into());
    let kept = Arc::new(Kept::default());
    let erasures = Arc::new(OneConversation(known));
    let store = MarkedStore::new(kept.clone(), erasures, Arc::new(AtOnce), Arc::new(Forever));
    let put = |id| {
        let key = ObjectKey::recording(id, "input.wav");
        let put = store.put_from(&key, "audio/wav", Arc::new(ThreeBytes));
        put.now_or_never().unwrap()
    };
    put(known).unwrap();
    assert_eq!(put(unknown).unwrap_err().fault(), Fault::Gone);
    let kept: Vec<_> = kept.0.lock().unwrap().keys().cloned().collect();
    assert_eq!(kept, [ObjectKey::recording(known, "input.wav")]);
}
