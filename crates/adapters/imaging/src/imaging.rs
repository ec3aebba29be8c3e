//! The port.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{Fault, PortError, PortResult};
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;
use vision::{ImageFault, ImagePreparer, Likeness, Prepared, SceneComparer, Signature, ViewSpec};

use crate::header::Header;
use crate::raster::{Channels, Raster};
use crate::{Limits, clean, cost, decode, encode, exif, scale, scene, sniff, turn};

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
        let lane = self.lane().await?;
        let memory = self.memory.clone();
        let memory = memory.acquire_many_owned(wanted).await.map_err(closed)?;
        Ok(Booking {
            _memory: memory,
            _lane: lane,
        })
    }

    async fn lane(&self) -> PortResult<OwnedSemaphorePermit> {
        self.lanes.clone().acquire_owned().await.map_err(closed)
    }
}

fn closed(_: AcquireError) -> PortError {
    PortError::bare(Fault::Unavailable, "wait for a lane to decode an image")
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

#[async_trait]
impl SceneComparer for Imaging {
    /// Takes a lane, since it takes a processor.
    async fn compare(&self, now: Signature, before: Signature) -> PortResult<Likeness> {
        let lane = self.lane().await?;
        let work = spawn_blocking(move || {
            let likeness = scene::likeness(&now, &before);
            drop(lane);
            likeness
        });
        let failed = |error| PortError::new(Fault::Unavailable, "compare pictures", error);
        work.await.map_err(failed)
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
    let orientation = exif::orientation(file);
    let raster = turn::upright(raster, orientation);
    Ok(Prepared {
        format: header.format,
        cleaned: clean::cleaned(file, header.format, orientation),
        signature: scene::signature(&raster),
        view: encode::view(raster, spec)?,
    })
}

/// The signature of decoded pixels, three bytes each, as [`Imaging`] makes it of every picture: for
/// whoever has pixels already.
///
/// # Errors
/// [`ImageFault::Damaged`] when the pixels do not fill the shape.
pub fn signature_of_rgb(pixels: Vec<u8>, width: u32, height: u32) -> Result<Signature, ImageFault> {
    let raster = Raster::new(pixels, width, height, Channels::Rgb)?;
    Ok(scene::signature(&raster))
}
