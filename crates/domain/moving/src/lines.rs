//! Lines of a file of an archive.

use bytes::{Buf, BytesMut};
use kernel::{Fault, PortError, PortResult};

use crate::Unpacking;

/// Reads one file line by line.
#[derive(Default)]
pub(crate) struct Lines {
    /// Read and not handed on yet.
    ahead: BytesMut,
    /// Bytes of it that hold no line break.
    searched: usize,
}

impl Lines {
    /// The next line of the file that is open, without its line break; `None` at the end.
    pub(crate) async fn next(&mut self, from: &mut dyn Unpacking) -> PortResult<Option<String>> {
        loop {
            let found = self.ahead[self.searched..].iter().position(|b| *b == b'\n');
            if let Some(end) = found {
                let line = self.ahead.split_to(self.searched + end);
                self.ahead.advance(1);
                self.searched = 0;
                return text(&line).map(Some);
            }
            self.searched = self.ahead.len();
            match from.read().await? {
                Some(bytes) => self.ahead.extend_from_slice(&bytes),
                None if self.ahead.is_empty() => return Ok(None),
                None => return Err(PortError::bare(Fault::Corrupt, "read a line to its end")),
            }
        }
    }
}

fn text(line: &[u8]) -> PortResult<String> {
    let text = std::str::from_utf8(line);
    let text = text.map_err(|e| PortError::new(Fault::Corrupt, "read a line", e))?;
    Ok(text.to_owned())
}
