//! What waits to be written: bounded in bytes, counted for whoever must slow down.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures_util::task::AtomicWaker;

/// Bytes of text frames that may wait; more is refused. Above the relay's own watermarks, so it is
/// reached only by one who ignores them.
pub(crate) const LIMIT: usize = 400 * 1024;

/// Frames on their way to one socket. Filled from anywhere, emptied by the task of the socket.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    state: Mutex<State>,
    /// From push until the operating system took it.
    waiting: AtomicUsize,
    filled: AtomicWaker,
}

#[derive(Debug, Default)]
struct State {
    frames: VecDeque<String>,
    end: End,
}

/// What is still to come.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum End {
    /// More frames.
    #[default]
    Open,
    /// What waits, and then the close.
    Finishing,
    /// Nothing: the socket is gone.
    Gone,
}

/// What the socket's task does next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Write this.
    Frame(String),
    /// Wait until woken.
    Nothing,
    /// Everything is written: close.
    Close,
}

/// Why a frame was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// It would wait with more than [`LIMIT`].
    Full,
    /// The link is closing or lost.
    Closed,
}

impl Outbox {
    /// Puts one frame behind the others.
    pub(crate) fn push(&self, frame: String) -> Result<(), Refused> {
        let mut state = self.state();
        if state.end != End::Open {
            return Err(Refused::Closed);
        }
        if self.waiting() + frame.len() > LIMIT {
            return Err(Refused::Full);
        }
        self.waiting.fetch_add(frame.len(), Ordering::Relaxed);
        state.frames.push_back(frame);
        drop(state);
        self.filled.wake();
        Ok(())
    }

    /// Bytes not yet taken by the operating system.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Takes nothing more; what waits is still written.
    pub(crate) fn finish(&self) {
        let mut state = self.state();
        if state.end == End::Open {
            state.end = End::Finishing;
        }
        drop(state);
        self.filled.wake();
    }

    /// The socket is gone: nothing waits any more, nothing is taken.
    pub(crate) fn abandon(&self) {
        let mut state = self.state();
        *state = State {
            frames: VecDeque::new(),
            end: End::Gone,
        };
        self.waiting.store(0, Ordering::Relaxed);
    }

    /// For the socket's task, which `waker` wakes at the next push.
    pub(crate) fn next(&self, waker: &std::task::Waker) -> Next {
        self.filled.register(waker);
        let mut state = self.state();
        match (state.frames.pop_front(), state.end) {
            (Some(frame), _) => Next::Frame(frame),
            (None, End::Open) => Next::Nothing,
            (None, End::Finishing | End::Gone) => Next::Close,
        }
    }

    /// So many bytes are with the operating system now.
    pub(crate) fn written(&self, bytes: usize) {
        self.waiting.fetch_sub(bytes, Ordering::Relaxed);
    }

    /// A panic elsewhere leaves the state whole: every change is one assignment.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;

    fn next(outbox: &Outbox) -> Next {
        outbox.next(Waker::noop())
    }

    #[test]
    fn frames_leave_in_the_order_they_came_and_count_until_they_are_written() {
        let outbox = Outbox::default();
        outbox.push("one".into()).unwrap();
        outbox.push("three".into()).unwrap();
        assert_eq!(next(&outbox), Next::Frame("one".into()));
        assert_eq!(next(&outbox), Next::Frame("three".into()));
        assert_eq!((next(&outbox), outbox.waiting()), (Next::Nothing, 8));
        outbox.written(8);
        assert_eq!(outbox.waiting(), 0);
    }

    #[test]
    fn what_would_exceed_the_limit_is_refused_and_what_waits_stays() {
        let outbox = Outbox::default();
        outbox.push("x".repeat(LIMIT - 1)).unwrap();
        assert_eq!(outbox.push("xx".into()), Err(Refused::Full));
        outbox.push("x".into()).unwrap();
        assert_eq!(outbox.waiting(), LIMIT);
    }

    #[test]
    fn after_the_end_is_announced_what_waits_leaves_and_nothing_more_is_taken() {
        let outbox = Outbox::default();
        outbox.push("last".into()).unwrap();
        outbox.finish();
        assert_eq!(outbox.push("late".into()), Err(Refused::Closed));
        assert_eq!(next(&outbox), Next::Frame("last".into()));
        assert_eq!(next(&outbox), Next::Close);
    }

    #[test]
    fn a_lost_socket_frees_what_waits() {
        let outbox = Outbox::default();
        outbox.push("lost".into()).unwrap();
        outbox.abandon();
        outbox.finish();
        assert_eq!((next(&outbox), outbox.waiting()), (Next::Close, 0));
        assert_eq!(outbox.push("late".into()), Err(Refused::Closed));
    }
}
