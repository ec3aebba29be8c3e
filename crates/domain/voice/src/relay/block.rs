//! Many small strings of bytes out of few allocations.

use bytes::{Bytes, BytesMut};

/// Bytes set aside at once: nine frames of 20 ms.
const SIZE: usize = 9 * 960;

/// A block that pieces are cut from. It is used again once all of them are gone; pieces that stay
/// keep alive little more than themselves.
#[derive(Default)]
pub(crate) struct Block(BytesMut);

impl Block {
    /// Makes room for `len` bytes.
    pub(crate) fn reserve(&mut self, len: usize) {
        if self.0.capacity() - self.0.len() < len {
            self.0.reserve(len.max(SIZE));
        }
    }

    pub(crate) fn put(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// What was put since the last cut.
    pub(crate) fn cut(&mut self) -> Bytes {
        self.0.split().freeze()
    }
}
