//! The port.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{Fault, PortError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;
use vision::{ImageFault, ImagePreparer, Prepared, ViewSpec};

use crate::header::Header;
use crate::{Limits, cost, decode, encode, exif, scale, sniff, turn};

/// Memory is booked in steps of this many bytes.
const STEP: u64 = 64 << 10;

/// Prepares images within [`Limits`]. Share one between all requests: the limits count for all its
/// calls together.
#[derive(Debug)]
pub struct Imaging {
    limits: Limits,
    memory: Arc<Semaphore>,
    lanes: Arc<Semaphore>,
}

impl Imaging {
    /// An image preparer with these limits.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            memory: Arc::new(Semaphore::new(steps(limits.memory_bytes) as usize)),
            lanes: Arc::new(Semaphore::new(limits.lanes.get())),
        }
    }

    /// Waits for a lane, then for memory. Whoever holds memory also holds a lane, so that nobody
    /// waits for somebody who waits.
    async fn book(&self, header: &Header, spec: ViewSpec) -> Result<Booking, ImageFault> {
        let bytes = cost::bytes(header, spec);
        if bytes > self.limits.memory_bytes {
            return Err(header.too_many());
        }
        let wanted = steps(bytes).min(steps(self.limits.memory_bytes));
        let closed = |_| PortError::bare(Fault::Unavailable, "wait for a lane to decode an image");
        let lane = self.lanes.clone().acquire_owned().await.map_err(closed)?;
        let memory = self.memory.clone();
        let memory = memory.acquire_many_owned(wanted).await.map_err(closed)?;
        Ok(Booking {
            _memory: memory,
            _lane: lane,
        })
    }
}

fn steps(bytes: u64) -> u32 {
    u32::try_from(bytes.div_ceil(STEP)).unwrap_or(u32::MAX >> 3)
}

/// Held by the blocking thread, so that a caller who gives up does not free what is still used.
struct Booking {
    _memory: OwnedSemaphorePermit,
    _lane: OwnedSemaphorePermit,
}

#[async_trait]
impl ImagePreparer for Imaging {
    /// A decoder that panics counts as [`ImageFault::Damaged`]: the file made it.
    async fn prepare(&self, file: Bytes, spec: ViewSpec) -> Result<Prepared, ImageFault> {
        let format = sniff::sniff(&file)?;
        let header = Header::read(&file, format)?.within(&self.limits)?;
        let booking = self.book(&header, spec).await?;
        let work = spawn_blocking(move || {
            let prepared = prepare(&file, &header, spec);
            drop(booking);
            prepared
        });
        work.await.unwrap_or_else(|error| {
            if error.is_panic() {
                return Err(ImageFault::Damaged);
            }
            Err(PortError::new(Fault::Unavailable, "decode an image", error).into())
        })
    }
}

pub(crate) fn prepare(
    file: &[u8],
    header: &Header,
    spec: ViewSpec,
) -> Result<Prepared, ImageFault> {
    let (max_side, grey) = match spec {
        ViewSpec::Jpeg { max_side } => (max_side, false),
        ViewSpec::Grey { max_side } => (max_side, true),
    };
    let raster = decode::decode(file, header, grey)?;
    let raster = scale::fit(raster, max_side)?;
    let raster = turn::upright(raster, exif::orientation(file));
    Ok(Prepared {
        format: header.format,
        view: encode::view(raster, spec)?,
    })
}
