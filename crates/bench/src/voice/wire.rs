//! As much of WebSocket as a load generator needs, cheap enough that it is not measured instead:
//! frames are made ahead, and of what comes only the head is looked at.

use std::io;

use anyhow::{Context as _, bail, ensure};
use bytes::{Buf as _, BytesMut};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// The nonce of a handshake says nothing to a server on the same machine.
const NONCE: &str = "c21hcnRzaWdodC1iZW5jaA==";

pub(super) const TEXT: u8 = 1;
pub(super) const BINARY: u8 = 2;
/// In place of a length: it follows in two bytes, or in eight.
const SHORT: u8 = 0x7E;
const LONG: u8 = 0x7F;
const CLOSE: u8 = 8;
pub(super) const PING: u8 = 9;
pub(super) const PONG: u8 = 10;

/// Which side a frame is from. Clients mask; a mask of zeros leaves the bytes as they are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Client,
    Server,
}

/// A whole message as it goes over the wire.
#[expect(
    clippy::cast_possible_truncation,
    reason = "each arm holds lengths that fit"
)]
pub(super) fn frame(side: Side, kind: u8, payload: &[u8]) -> Vec<u8> {
    let masked = if side == Side::Client { 0x80 } else { 0 };
    let mut frame = vec![0x80 | kind];
    match payload.len() {
        len @ 0..126 => frame.push(masked | len as u8),
        len @ 126..0x1_0000 => {
            frame.push(masked | SHORT);
            frame.extend((len as u16).to_be_bytes());
        }
        len => {
            frame.push(masked | LONG);
            frame.extend((len as u64).to_be_bytes());
        }
    }
    if masked != 0 {
        frame.extend([0; 4]);
    }
    frame.extend(payload);
    frame
}

/// A message that came.
pub(super) struct Message<'a> {
    pub(super) kind: u8,
    payload: &'a [u8],
    mask: [u8; 4],
}

impl Message<'_> {
    pub(super) fn len(&self) -> usize {
        self.payload.len()
    }

    /// Its first `len` bytes, or fewer if it is shorter.
    pub(super) fn head(&self, len: usize) -> Vec<u8> {
        let masks = self.mask.iter().cycle();
        let bytes = self.payload.iter().zip(masks);
        bytes.take(len).map(|(byte, mask)| byte ^ mask).collect()
    }
}

/// What was read and not yet looked at.
#[derive(Default)]
pub(super) struct Inbox(BytesMut);

impl Inbox {
    /// Waits for bytes; none are the end.
    pub(super) async fn fill(&mut self, stream: &TcpStream) -> io::Result<usize> {
        self.0.reserve(16 * 1024);
        loop {
            stream.readable().await?;
            match stream.try_read_buf(&mut self.0) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                read => return read,
            }
        }
    }

    /// Shows every whole message to `each`.
    pub(super) fn drain(&mut self, mut each: impl FnMut(Message<'_>)) {
        while let Some((head, len)) = self.measure() {
            let masked = self.0[1] & 0x80 != 0;
            let mask = if masked {
                [0, 1, 2, 3].map(|at| self.0[head - 4 + at])
            } else {
                [0; 4]
            };
            each(Message {
                kind: self.0[0] & 0x0F,
                payload: &self.0[head..head + len],
                mask,
            });
            self.0.advance(head + len);
        }
    }

    /// Bytes of head and payload of the first message, once it is whole.
    fn measure(&self) -> Option<(usize, usize)> {
        let bytes = &self.0;
        let second = *bytes.get(1)?;
        let (head, len) = match second & 0x7F {
            126 => (
                4,
                u64::from(u16::from_be_bytes(*bytes.get(2..)?.first_chunk()?)),
            ),
            LONG => (10, u64::from_be_bytes(*bytes.get(2..)?.first_chunk()?)),
            len => (2, u64::from(len)),
        };
        let head = head + if second & 0x80 == 0 { 0 } else { 4 };
        let len = usize::try_from(len).ok()?;
        (bytes.len() >= head + len).then_some((head, len))
    }
}

/// Opens a web socket as a client.
///
/// # Errors
/// When nobody answers or the answer is no upgrade.
pub(super) async fn open(
    address: &str,
    path: &str,
    headers: &str,
) -> anyhow::Result<(TcpStream, Inbox)> {
    let mut stream = TcpStream::connect(address).await.context("no connection")?;
    stream.set_nodelay(true)?;
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {NONCE}\r\n{headers}\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut inbox = Inbox::default();
    let answer = head(&mut stream, &mut inbox).await?;
    ensure!(answer.starts_with("HTTP/1.1 101"), "no upgrade: {answer}");
    Ok((stream, inbox))
}

/// Takes a client's upgrade; gives its path.
///
/// # Errors
/// When it is no upgrade.
pub(super) async fn accept(stream: &mut TcpStream, inbox: &mut Inbox) -> anyhow::Result<String> {
    stream.set_nodelay(true)?;
    let request = head(stream, inbox).await?;
    let mut lines = request.lines();
    let path = lines.next().and_then(|line| line.split(' ').nth(1));
    let path = path.context("no path")?.to_owned();
    let mut fields = lines.filter_map(|line| line.split_once(':'));
    let key = fields.find(|(name, _)| name.eq_ignore_ascii_case("sec-websocket-key"));
    let accept = derive_accept_key(key.context("no upgrade")?.1.trim().as_bytes());
    let answer = format!(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Accept: {accept}\r\n\r\n"
    );
    stream.write_all(answer.as_bytes()).await?;
    Ok(path)
}

/// The head of a request or an answer; what follows stays in the inbox.
async fn head(stream: &mut TcpStream, inbox: &mut Inbox) -> anyhow::Result<String> {
    loop {
        let end = inbox.0.windows(4).position(|bytes| bytes == b"\r\n\r\n");
        if let Some(end) = end {
            let head = inbox.0.split_to(end + 4);
            return Ok(String::from_utf8_lossy(&head).into_owned());
        }
        if stream.read_buf(&mut inbox.0).await? == 0 {
            bail!("closed before the upgrade");
        }
    }
}

/// Writes a frame at once; whether all of it could be.
pub(super) fn write(stream: &TcpStream, frame: &[u8]) -> bool {
    matches!(stream.try_write(frame), Ok(written) if written == frame.len())
}

pub(super) const fn is_close(kind: u8) -> bool {
    kind == CLOSE
}
