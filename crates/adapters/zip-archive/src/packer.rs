//! Packing, on a thread that may block.

use std::cell::Cell;
use std::io::{self, BufWriter, Write};

use bytes::Bytes;
use privacy::Compression;
use tokio::sync::mpsc;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

const PORTION_BYTES: usize = 64 * 1024;

/// What is to be done next.
pub(crate) enum Order {
    File(String, Compression),
    Bytes(Bytes),
    Finish,
}

type Portions = mpsc::Sender<io::Result<Bytes>>;
type Zip<'a> = ZipWriter<StreamWriter<BufWriter<Outlet<'a>>>>;

/// Packs until the archive is finished. Whatever else ends it makes the last item an error.
pub(crate) fn pack(orders: mpsc::Receiver<Order>, portions: &Portions) {
    if let Err(error) = try_pack(orders, portions) {
        // The reader may be gone; then nobody is left to tell.
        portions.blocking_send(Err(error)).ok();
    }
}

fn try_pack(mut orders: mpsc::Receiver<Order>, portions: &Portions) -> io::Result<()> {
    let is_broken_off = Cell::new(false);
    let outlet = Outlet {
        portions,
        is_broken_off: &is_broken_off,
    };
    let mut zip = ZipWriter::new_stream(BufWriter::with_capacity(PORTION_BYTES, outlet));
    if let Err(error) = follow(&mut orders, &mut zip) {
        // Dropped, it writes the table of contents; nobody may get that.
        is_broken_off.set(true);
        return Err(error);
    }
    let stream = zip.finish().map_err(io::Error::other)?;
    stream.into_inner().flush()
}

fn follow(orders: &mut mpsc::Receiver<Order>, zip: &mut Zip<'_>) -> io::Result<()> {
    loop {
        match orders.blocking_recv() {
            Some(Order::File(name, compression)) => {
                zip.start_file(name, options(compression))
                    .map_err(io::Error::other)?;
            }
            Some(Order::Bytes(bytes)) => zip.write_all(&bytes)?,
            Some(Order::Finish) => return Ok(()),
            None => return Err(io::Error::other("the export was broken off")),
        }
    }
}

/// Files of lines may pass 4 GiB; an image cannot.
fn options(compression: Compression) -> SimpleFileOptions {
    let options = SimpleFileOptions::default();
    match compression {
        Compression::Packed => options
            .compression_method(CompressionMethod::Deflated)
            .large_file(true),
        Compression::Plain => options.compression_method(CompressionMethod::Stored),
    }
}

/// Hands portions to the reader and waits while it has enough. Broken off, it hands on nothing.
struct Outlet<'a> {
    portions: &'a Portions,
    is_broken_off: &'a Cell<bool>,
}

impl Write for Outlet<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.is_broken_off.get() {
            return Ok(bytes.len());
        }
        let portion = &bytes[..bytes.len().min(PORTION_BYTES)];
        let sent = self
            .portions
            .blocking_send(Ok(Bytes::copy_from_slice(portion)));
        sent.map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        Ok(portion.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
