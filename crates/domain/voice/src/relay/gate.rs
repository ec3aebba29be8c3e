//! Backpressure: who does not read gets less, then nothing.

use crate::Watermarks;

/// Watches one direction.
#[derive(Default)]
pub(crate) struct Gate {
    /// Bytes dropped since the other side last took enough.
    dropped: usize,
}

/// What to do with the newest audio.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Passage {
    Open,
    Drop,
    /// The other side is stuck.
    Close,
}

impl Gate {
    /// Audio of `size` bytes on the wire is to go where `waiting` bytes wait already. What was
    /// dropped counts as waiting until the queue is below the lower mark again: a side that takes
    /// nothing at all reaches the upper one though the queue is bounded by the lower.
    pub(crate) fn ask(&mut self, waiting: usize, size: usize, marks: Watermarks) -> Passage {
        if waiting <= marks.drop_above {
            self.dropped = 0;
            return Passage::Open;
        }
        self.dropped += size;
        if waiting + self.dropped > marks.close_above {
            Passage::Close
        } else {
            Passage::Drop
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARKS: Watermarks = Watermarks {
        drop_above: 100,
        close_above: 300,
    };

    #[test]
    fn a_stuck_side_loses_audio_and_then_the_connection() {
        let mut gate = Gate::default();
        assert_eq!(gate.ask(100, 50, MARKS), Passage::Open);
        let asked: Vec<_> = (0..4).map(|_| gate.ask(150, 50, MARKS)).collect();
        assert_eq!(
            asked,
            [Passage::Drop, Passage::Drop, Passage::Drop, Passage::Close]
        );
    }

    #[test]
    fn a_side_that_reads_again_starts_anew() {
        let mut gate = Gate::default();
        (0..3).for_each(|_| assert_eq!(gate.ask(150, 50, MARKS), Passage::Drop));
        assert_eq!(gate.ask(90, 50, MARKS), Passage::Open);
        assert_eq!(gate.ask(150, 50, MARKS), Passage::Drop);
    }
}
