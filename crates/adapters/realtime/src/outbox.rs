//! What waits to be written: bounded in bytes, counted for whoever must slow down.

use std::collections::VecDeque;

/// Bytes of frames that may wait; more is refused. Above the relay's own watermarks, so it is
/// reached only by one who ignores them.
pub(crate) const LIMIT: usize = 400 * 1024;

/// Frames on their way to one socket.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    frames: VecDeque<String>,
    /// From push until the operating system took them.
    waiting: usize,
}

/// A frame would wait with more than [`LIMIT`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Full;

impl Outbox {
    /// Puts one frame behind the others.
    pub(crate) fn push(&mut self, frame: String) -> Result<(), Full> {
        if self.waiting + frame.len() > LIMIT {
            return Err(Full);
        }
        self.waiting += frame.len();
        self.frames.push_back(frame);
        Ok(())
    }

    /// Bytes not yet taken by the operating system.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting
    }

    /// The next frame; it counts until it is [`written`](Self::written).
    pub(crate) fn pop(&mut self) -> Option<String> {
        self.frames.pop_front()
    }

    /// So many bytes of what was popped are with the operating system now.
    pub(crate) fn written(&mut self, bytes: usize) {
        self.waiting = self.waiting.saturating_sub(bytes);
    }

    /// Forgets what was not popped, and frees its memory.
    pub(crate) fn forget(&mut self) {
        let forgotten: usize = self.frames.iter().map(String::len).sum();
        *self = Self {
            frames: VecDeque::new(),
            waiting: self.waiting.saturating_sub(forgotten),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_leave_in_the_order_they_came_and_count_until_they_are_written() {
        let mut outbox = Outbox::default();
        outbox.push("one".into()).unwrap();
        outbox.push("three".into()).unwrap();
        assert_eq!(outbox.pop().as_deref(), Some("one"));
        assert_eq!(outbox.pop().as_deref(), Some("three"));
        assert_eq!((outbox.pop(), outbox.waiting()), (None, 8));
        outbox.written(8);
        assert_eq!(outbox.waiting(), 0);
    }

    #[test]
    fn what_would_exceed_the_limit_is_refused_and_what_waits_stays() {
        let mut outbox = Outbox::default();
        outbox.push("x".repeat(LIMIT - 1)).unwrap();
        assert_eq!(outbox.push("xx".into()), Err(Full));
        outbox.push("x".into()).unwrap();
        assert_eq!(outbox.waiting(), LIMIT);
    }

    #[test]
    fn what_is_forgotten_no_longer_waits_but_what_is_being_written_does() {
        let mut outbox = Outbox::default();
        outbox.push("writing".into()).unwrap();
        outbox.push("queued".into()).unwrap();
        outbox.pop();
        outbox.forget();
        assert_eq!((outbox.waiting(), outbox.pop()), (7, None));
    }
}
