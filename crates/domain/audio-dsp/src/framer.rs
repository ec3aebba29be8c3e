/// 20 ms of mono 16-bit PCM at 16 kHz.
pub const FRAME_BYTES_16_KHZ: usize = 640;

/// 20 ms of mono 16-bit PCM at 24 kHz.
pub const FRAME_BYTES_24_KHZ: usize = 960;

/// Cuts a stream of bytes into frames of exactly `N`, keeping what is left over for the next push.
///
/// ```
/// let mut framer = audio_dsp::Framer::<4>::new();
/// let mut frames = Vec::new();
/// framer.push(&[1, 2, 3], |frame| frames.push(*frame));
/// framer.push(&[4, 5, 6], |frame| frames.push(*frame));
/// assert_eq!(frames, [[1, 2, 3, 4]]);
/// assert_eq!(framer.remainder(), [5, 6]);
/// ```
#[derive(Clone, Debug)]
pub struct Framer<const N: usize> {
    held: [u8; N],
    len: usize,
}

impl<const N: usize> Framer<N> {
    /// Holding nothing.
    #[must_use]
    pub const fn new() -> Self {
        const { assert!(N > 0, "a frame has at least one byte") }
        Self {
            held: [0; N],
            len: 0,
        }
    }

    /// Takes all of `bytes` and gives every frame that is now whole, in order. Frames that lie
    /// whole in `bytes` are not copied.
    pub fn push(&mut self, bytes: &[u8], mut each: impl FnMut(&[u8; N])) {
        let rest = self.complete(bytes, &mut each);
        let (frames, left) = rest.as_chunks::<N>();
        frames.iter().for_each(&mut each);
        self.hold(left);
    }

    /// Fills up a frame begun earlier; gives back what was not needed for it.
    fn complete<'a>(&mut self, bytes: &'a [u8], each: &mut impl FnMut(&[u8; N])) -> &'a [u8] {
        if self.len == 0 {
            return bytes;
        }
        let (head, rest) = bytes.split_at(bytes.len().min(N - self.len));
        self.hold(head);
        if self.len == N {
            self.len = 0;
            each(&self.held);
        }
        rest
    }

    fn hold(&mut self, bytes: &[u8]) {
        self.held[self.len..][..bytes.len()].copy_from_slice(bytes);
        self.len += bytes.len();
    }

    /// What is held: fewer than `N` bytes.
    #[must_use]
    pub fn remainder(&self) -> &[u8] {
        &self.held[..self.len]
    }

    /// Forgets what is held.
    pub const fn clear(&mut self) {
        self.len = 0;
    }
}

impl<const N: usize> Default for Framer<N> {
    fn default() -> Self {
        Self::new()
    }
}
