//! Bodies that are read while they are sent.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use aws_sdk_s3::primitives::{ByteStream, SdkBody};
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use kernel::{PortError, PortResult};
use objects::ObjectSource;

/// How much is read at a time.
const PORTION: u64 = 256 * 1024;

type Reading = Pin<Box<dyn Future<Output = PortResult<Bytes>> + Send>>;

/// A stretch of a source that is sent as one body. An attempt that failed begins anew.
pub(crate) struct Stretch {
    source: Arc<dyn ObjectSource>,
    at: u64,
    length: u64,
    /// Why the source could not be read. The client only tells that the body broke off.
    failure: Arc<Mutex<Option<PortError>>>,
}

impl Stretch {
    pub(crate) fn new(source: Arc<dyn ObjectSource>, at: u64, length: u64) -> Self {
        Self {
            source,
            at,
            length,
            failure: Arc::default(),
        }
    }

    pub(crate) fn body(&self) -> ByteStream {
        let Self {
            source,
            at,
            length,
            failure,
        } = self;
        let (source, at, length) = (Arc::clone(source), *at, *length);
        let failure = Arc::clone(failure);
        ByteStream::new(SdkBody::retryable(move || {
            SdkBody::from_body_1_x(Streamed {
                source: Arc::clone(&source),
                at,
                left: length,
                reading: Mutex::new(None),
                failure: Arc::clone(&failure),
            })
        }))
    }

    /// What a failed call failed with, if it was the source.
    pub(crate) fn or_source(&self, error: PortError) -> PortError {
        let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        failure.take().unwrap_or(error)
    }
}

/// One attempt at sending.
struct Streamed {
    source: Arc<dyn ObjectSource>,
    at: u64,
    left: u64,
    /// Behind a lock only because a body must be `Sync`; nobody else takes it.
    reading: Mutex<Option<Reading>>,
    failure: Arc<Mutex<Option<PortError>>>,
}

impl Streamed {
    fn begin(&self) -> Reading {
        let (source, at) = (Arc::clone(&self.source), self.at);
        let length = usize::try_from(PORTION.min(self.left)).unwrap_or(usize::MAX);
        Box::pin(async move { source.read(at, length).await })
    }

    fn read(&mut self, portion: PortResult<Bytes>) -> Result<Frame<Bytes>, BrokenOff> {
        match portion {
            Ok(portion) => {
                self.at += portion.len() as u64;
                self.left = self.left.saturating_sub(portion.len() as u64);
                Ok(Frame::data(portion))
            }
            Err(error) => {
                let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
                *failure = Some(error);
                Err(BrokenOff)
            }
        }
    }
}

/// The source could not be read to its end.
#[derive(Debug, thiserror::Error)]
#[error("the source of a body broke off")]
struct BrokenOff;

impl Body for Streamed {
    type Data = Bytes;
    type Error = BrokenOff;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BrokenOff>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let reading = self
            .reading
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        let mut under_way = match reading.take() {
            Some(under_way) => under_way,
            None => self.begin(),
        };
        match under_way.as_mut().poll(context) {
            Poll::Ready(portion) => Poll::Ready(Some(self.read(portion))),
            Poll::Pending => {
                let reading = self
                    .reading
                    .get_mut()
                    .unwrap_or_else(PoisonError::into_inner);
                *reading = Some(under_way);
                Poll::Pending
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
