//! How much memory a request takes while it arrives.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use kernel::{PortResult, UserId};
use objects::ObjectSource;
use segments::{Draft, Incoming, Scratch};

const SOUND: usize = 10 * 1024 * 1024;
const MOST_MEMORY: u64 = 2 * 1024 * 1024;
/// What a connection hands over at a time, at most.
const PIECE: usize = 400 * 1024;

/// Counts and forgets.
#[derive(Default)]
struct Counting(Arc<AtomicU64>);

#[async_trait]
impl Scratch for Counting {
    async fn begin(&self) -> PortResult<Box<dyn Draft>> {
        Ok(Box::new(Self(self.0.clone())))
    }
}

#[async_trait]
impl Draft for Counting {
    async fn append(&mut self, more: Bytes) -> PortResult<()> {
        self.0.fetch_add(more.len() as u64, Ordering::Relaxed);
        Ok(())
    }

    async fn finish(self: Box<Self>) -> PortResult<Arc<dyn ObjectSource>> {
        Ok(Arc::new(*self))
    }
}

#[async_trait]
impl ObjectSource for Counting {
    fn size(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    async fn read(&self, _: u64, _: usize) -> PortResult<Bytes> {
        Ok(Bytes::new())
    }
}

/// A request with so much sound, as a client packs it.
fn request(sound: usize) -> Vec<u8> {
    let sound = STANDARD.encode(vec![7; sound]);
    format!(r#"{{"sessionId":"s","imageIndex":0,"audioBase64":"{sound}","clientId":"c"}}"#).into()
}

#[test]
fn ten_megabytes_of_sound_take_less_than_two_of_memory() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let (kept, body) = (Arc::new(AtomicU64::new(0)), request(SOUND));
    let scratch = Arc::new(Counting(kept.clone()));
    let arriving = || {
        runtime.block_on(async {
            let mut incoming = Incoming::new(UserId::from_name("ada"), scratch.clone(), SOUND);
            for piece in body.chunks(PIECE) {
                incoming.push(piece).await.unwrap();
            }
        });
    };
    let used = allocation_counter::measure(arriving);
    println!(
        "{} bytes of body, at most {} bytes of memory",
        body.len(),
        used.bytes_max
    );
    assert!(kept.load(Ordering::Relaxed) > SOUND as u64 - 1024 * 1024);
    assert!(used.bytes_max < MOST_MEMORY, "{} bytes", used.bytes_max);
}
