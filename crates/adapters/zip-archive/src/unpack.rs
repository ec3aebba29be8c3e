//! Reading a zip that lies in a file.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{Fault, PortError, PortResult};
use moving::Unpacking;
use objects::ObjectSource;
use tokio::sync::mpsc;
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

const PORTION_BYTES: usize = 64 * 1024;
/// Portions that wait to be taken.
const PORTIONS: usize = 4;

type Shared = Arc<Mutex<ZipArchive<File>>>;

/// A zip in a file. What was packed is read from its beginning to its end, by a thread that waits for
/// whoever reads; what was not packed is read anywhere.
pub struct ZipFolder {
    /// Locked for as long as one of its files is read.
    packed: Shared,
    plain: Shared,
    file: Arc<File>,
    portions: Option<mpsc::Receiver<io::Result<Bytes>>>,
}

impl ZipFolder {
    /// Opens a zip.
    ///
    /// # Errors
    /// When it cannot be read, or is not a whole zip.
    pub fn open(path: &Path) -> io::Result<Self> {
        let archive = || -> io::Result<Shared> {
            let archive = ZipArchive::new(File::open(path)?).map_err(io::Error::from)?;
            Ok(Arc::new(Mutex::new(archive)))
        };
        Ok(Self {
            packed: archive()?,
            plain: archive()?,
            file: Arc::new(File::open(path)?),
            portions: None,
        })
    }
}

#[async_trait]
impl Unpacking for ZipFolder {
    async fn open(&mut self, file: &str) -> PortResult<bool> {
        // Whoever read the file before ends now and gives the archive free.
        self.portions = None;
        let (packed, name) = (self.packed.clone(), file.to_owned());
        let found = blocking("find a file in the zip", move || {
            let archive = packed.lock().unwrap_or_else(PoisonError::into_inner);
            Ok(archive.index_for_name(&name))
        });
        let Some(number) = found.await? else {
            return Ok(false);
        };
        let (sender, portions) = mpsc::channel(PORTIONS);
        let packed = self.packed.clone();
        tokio::task::spawn_blocking(move || {
            if let Err(error) = unpack(&packed, number, &sender) {
                // The reader may be gone; then nobody is left to tell.
                sender.blocking_send(Err(error)).ok();
            }
        });
        self.portions = Some(portions);
        Ok(true)
    }

    async fn read(&mut self) -> PortResult<Option<Bytes>> {
        let Some(portions) = &mut self.portions else {
            return Ok(None);
        };
        let portion = portions.recv().await.transpose();
        portion.map_err(|e| PortError::new(Fault::Corrupt, "read a file of the zip", e))
    }

    async fn source(&self, file: &str) -> PortResult<Option<Arc<dyn ObjectSource>>> {
        let (plain, name) = (self.plain.clone(), file.to_owned());
        let place = blocking("find a file in the zip", move || place(&plain, &name)).await?;
        Ok(place.map(|(begin, size)| {
            let file = self.file.clone();
            Arc::new(Part { file, begin, size }) as Arc<dyn ObjectSource>
        }))
    }
}

fn unpack(
    archive: &Mutex<ZipArchive<File>>,
    number: usize,
    to: &mpsc::Sender<io::Result<Bytes>>,
) -> io::Result<()> {
    let mut archive = archive.lock().unwrap_or_else(PoisonError::into_inner);
    let mut file = archive.by_index(number).map_err(io::Error::from)?;
    loop {
        let mut portion = Vec::with_capacity(PORTION_BYTES);
        let read = file.by_ref().take(PORTION_BYTES as u64);
        if { read }.read_to_end(&mut portion)? == 0 || to.blocking_send(Ok(portion.into())).is_err()
        {
            return Ok(());
        }
    }
}

/// Where the bytes of a file begin that was not packed, and how many there are.
fn place(archive: &Mutex<ZipArchive<File>>, name: &str) -> io::Result<Option<(u64, u64)>> {
    let mut archive = archive.lock().unwrap_or_else(PoisonError::into_inner);
    let file = match archive.by_name(name) {
        Ok(file) => file,
        Err(ZipError::FileNotFound) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let begin = file.data_start();
    if file.compression() != CompressionMethod::Stored {
        return Ok(None);
    }
    Ok(begin.map(|begin| (begin, file.size())))
}

/// The bytes of one file of a zip.
struct Part {
    file: Arc<File>,
    begin: u64,
    size: u64,
}

#[async_trait]
impl ObjectSource for Part {
    fn size(&self) -> u64 {
        self.size
    }

    async fn read(&self, at: u64, length: usize) -> PortResult<Bytes> {
        let (file, from) = (self.file.clone(), self.begin + at);
        blocking("read an object of the zip", move || {
            let mut bytes = vec![0; length];
            file.read_exact_at(&mut bytes, from)?;
            Ok(bytes.into())
        })
        .await
    }
}

async fn blocking<T: Send + 'static>(
    context: &'static str,
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> PortResult<T> {
    let done = tokio::task::spawn_blocking(work).await;
    let done = done.map_err(|e| PortError::new(Fault::Unavailable, context, e))?;
    done.map_err(|e| PortError::new(Fault::Corrupt, context, e))
}
