//! Emptying a queue of what waits for the other side.

use async_trait::async_trait;
use kernel::{Fault, PortError, PortResult};

/// Things that wait for the other side, oldest first.
#[async_trait]
pub(crate) trait Queue: Sync {
    /// What waits.
    type Thing: Send + Sync;

    /// Some of the oldest.
    async fn oldest(&self) -> PortResult<Vec<Self::Thing>>;

    /// Hands one over and forgets it.
    async fn write(&self, thing: &Self::Thing) -> PortResult<()>;

    /// Moves one that is never taken out of the way, and tells of it.
    async fn set_aside(&self, thing: &Self::Thing, error: &PortError) -> PortResult<()>;
}

/// What became of the things of a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Drained {
    pub(crate) written: usize,
    pub(crate) set_aside: usize,
}

/// Hands over what waits until nothing is left or the other side takes nothing. What it refuses
/// while it takes what waits behind is set aside, so that one thing does not hold up all others.
pub(crate) async fn drain<Q: Queue>(queue: &Q) -> PortResult<Drained> {
    let mut all = Drained::default();
    loop {
        let (batch, is_away) = drain_batch(queue).await?;
        all.written += batch.written;
        all.set_aside += batch.set_aside;
        if is_away || batch == Drained::default() {
            return Ok(all);
        }
    }
}

async fn drain_batch<Q: Queue>(queue: &Q) -> PortResult<(Drained, bool)> {
    let (mut done, mut is_away) = (Drained::default(), false);
    let mut doubts = Doubts(Vec::new(), 0);
    for thing in queue.oldest().await? {
        match Verdict::from(queue.write(&thing).await) {
            Verdict::Written => {
                done.written += 1;
                doubts.prove();
            }
            Verdict::Never(error) => {
                queue.set_aside(&thing, &error).await?;
                done.set_aside += 1;
            }
            Verdict::Refused(error) => doubts.0.push((thing, error)),
            Verdict::Away(error) => {
                tracing::debug!(error = %error, "what waits still waits");
                is_away = true;
                break;
            }
        }
    }
    for (thing, error) in doubts.at_fault() {
        queue.set_aside(&thing, &error).await?;
        done.set_aside += 1;
    }
    Ok((done, is_away))
}

/// What the other side says to one thing.
enum Verdict {
    Written,
    /// Trying again cannot help.
    Never(PortError),
    /// It may be the thing, it may be the other side: a wrong password gets mended.
    Refused(PortError),
    /// Nothing else would be taken either.
    Away(PortError),
}

impl From<PortResult<()>> for Verdict {
    fn from(outcome: PortResult<()>) -> Self {
        let Err(error) = outcome else {
            return Self::Written;
        };
        match error.fault() {
            Fault::Corrupt | Fault::Dangling | Fault::Conflict => Self::Never(error),
            Fault::Refused => Self::Refused(error),
            Fault::Unavailable | Fault::Full | Fault::Gone => Self::Away(error),
        }
    }
}

/// Things that were refused, and how many of them before something else was taken.
struct Doubts<T>(Vec<(T, PortError)>, usize);

impl<T> Doubts<T> {
    /// The other side takes things: those it refused before are at fault themselves.
    fn prove(&mut self) {
        self.1 = self.0.len();
    }

    fn at_fault(self) -> impl Iterator<Item = (T, PortError)> {
        self.0.into_iter().take(self.1)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use futures_util::FutureExt;

    use super::*;

    /// Numbers that wait, and what is said to each: nothing said is taken.
    struct Numbers {
        waiting: Mutex<Vec<u8>>,
        aside: Mutex<Vec<u8>>,
        said: &'static [(u8, Fault)],
    }

    #[async_trait]
    impl Queue for Numbers {
        type Thing = u8;

        async fn oldest(&self) -> PortResult<Vec<u8>> {
            Ok(self
                .waiting
                .lock()
                .unwrap()
                .iter()
                .copied()
                .take(3)
                .collect())
        }

        async fn write(&self, number: &u8) -> PortResult<()> {
            if let Some((_, fault)) = self.said.iter().find(|(said, _)| said == number) {
                return Err(PortError::bare(*fault, "write a number"));
            }
            self.waiting.lock().unwrap().retain(|other| other != number);
            Ok(())
        }

        async fn set_aside(&self, number: &u8, _: &PortError) -> PortResult<()> {
            self.waiting.lock().unwrap().retain(|other| other != number);
            self.aside.lock().unwrap().push(*number);
            Ok(())
        }
    }

    /// What waits and what was set aside, after 1 to 5 met the other side.
    #[track_caller]
    fn check(said: &'static [(u8, Fault)], waiting: &[u8], aside: &[u8]) {
        let queue = Numbers {
            waiting: Mutex::new(vec![1, 2, 3, 4, 5]),
            aside: Mutex::default(),
            said,
        };
        let drained = drain(&queue).now_or_never().unwrap().unwrap();
        assert_eq!(*queue.waiting.lock().unwrap(), waiting);
        assert_eq!(*queue.aside.lock().unwrap(), aside);
        assert_eq!(drained.set_aside, aside.len());
        assert_eq!(drained.written, 5 - waiting.len() - aside.len());
    }

    #[test]
    fn everything_is_written_where_nothing_is_said_against_it() {
        check(&[], &[], &[]);
    }

    #[test]
    fn it_ends_with_the_first_for_whom_the_other_side_is_away() {
        check(&[(2, Fault::Unavailable)], &[2, 3, 4, 5], &[]);
        check(&[(4, Fault::Full)], &[4, 5], &[]);
    }

    #[test]
    fn what_can_never_be_written_is_set_aside() {
        check(&[(1, Fault::Corrupt), (5, Fault::Conflict)], &[], &[1, 5]);
    }

    #[test]
    fn what_is_refused_is_set_aside_once_something_behind_it_is_written() {
        check(&[(1, Fault::Refused), (3, Fault::Refused)], &[], &[1, 3]);
        check(&[(5, Fault::Refused)], &[5], &[]);
    }

    #[test]
    fn while_everything_is_refused_everything_waits() {
        let all = &[
            (1, Fault::Refused),
            (2, Fault::Refused),
            (3, Fault::Refused),
            (4, Fault::Refused),
            (5, Fault::Refused),
        ];
        check(all, &[1, 2, 3, 4, 5], &[]);
    }
}
