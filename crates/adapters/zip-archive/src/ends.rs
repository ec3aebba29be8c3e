//! The end that is written to and the end that is read from.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::Stream;
use privacy::{Archive, ArchiveError, Compression};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use crate::packer::{Order, pack};

/// Portions of lines and images that wait to be packed.
const ORDERS: usize = 2;
/// Portions of the zip that wait to be read.
const PORTIONS: usize = 4;

/// The bytes of a zip as they are made. The last item is an error if the zip is not whole.
pub struct ZipBytes(ReceiverStream<io::Result<Bytes>>);

impl Stream for ZipBytes {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut self.0).poll_next(cx)
    }
}

/// An archive and the zip that comes of it. Must be called where a tokio runtime runs.
pub fn zip_stream() -> (Box<dyn Archive>, ZipBytes) {
    let (orders, to_pack) = mpsc::channel(ORDERS);
    let (packed, portions) = mpsc::channel(PORTIONS);
    tokio::task::spawn_blocking(move || pack(to_pack, &packed));
    let archive = Box::new(ZipArchive(orders));
    (archive, ZipBytes(ReceiverStream::new(portions)))
}

struct ZipArchive(mpsc::Sender<Order>);

impl ZipArchive {
    async fn order(&self, order: Order) -> Result<(), ArchiveError> {
        let sent = self.0.send(order).await;
        sent.map_err(|_| ArchiveError("the reader has gone away".into()))
    }
}

#[async_trait]
impl Archive for ZipArchive {
    async fn file(&mut self, name: &str, compression: Compression) -> Result<(), ArchiveError> {
        let name = name.to_owned();
        self.order(Order::File(name, compression)).await
    }

    async fn write(&mut self, bytes: Bytes) -> Result<(), ArchiveError> {
        self.order(Order::Bytes(bytes)).await
    }

    async fn finish(self: Box<Self>) -> Result<(), ArchiveError> {
        self.order(Order::Finish).await
    }
}
