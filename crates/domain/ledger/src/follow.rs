//! Following a user's log as it grows.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::{BoxFuture, select};
use kernel::{PortError, Timer, UserId};

use crate::port::{Ledger, News, Ringing};
use crate::{Position, Recorded};

/// Entries read at once.
const BATCH: u16 = 100;

/// Why a log can no longer be followed.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The position lies behind the log's end: it is another log than the one that was followed.
    #[error("the log ends before this position")]
    NoSuchPosition,
    /// The log could not be read.
    #[error("the log could not be read")]
    Port(#[from] PortError),
}

/// Reads a user's log after a position and goes on as it grows. Each entry comes once and in
/// order, whatever was open or committed while it looked: the log has no holes, and listening
/// begins before the first look.
pub struct Follower {
    ledger: Arc<dyn Ledger>,
    ringing: Ringing,
    timer: Arc<dyn Timer>,
    look_every: Duration,
    nap: Option<BoxFuture<'static, ()>>,
    user: UserId,
    position: Position,
    is_at_end: bool,
}

impl Follower {
    /// Follows from the log's start. Without a ring it looks every `look_every`.
    pub fn new(
        (ledger, news): (Arc<dyn Ledger>, &dyn News),
        (timer, look_every): (Arc<dyn Timer>, Duration),
        user: UserId,
    ) -> Self {
        Self {
            ringing: news.listen(user),
            ledger,
            timer,
            look_every,
            nap: None,
            user,
            position: Position::START,
            is_at_end: false,
        }
    }

    /// The place of the last entry that was given.
    pub const fn position(&self) -> Position {
        self.position
    }

    /// Goes on after this place from now on.
    pub const fn move_to(&mut self, position: Position) {
        self.position = position;
        self.is_at_end = false;
    }

    /// The next entries, up to 100; none after something may have happened that is not in the log.
    /// Waits at the end of the log. Nothing is lost when it is dropped before it is ready.
    ///
    /// # Errors
    /// See [`FollowError`]; the position stays as it was.
    pub async fn next(&mut self) -> Result<Vec<Recorded>, FollowError> {
        if self.is_at_end {
            self.wait().await;
            self.is_at_end = false;
            return Ok(Vec::new());
        }
        let found = self.ledger.read(self.user, self.position, BATCH).await?;
        match found.last() {
            Some(last) => self.position = last.position,
            None => self.reach_end().await?,
        }
        Ok(found)
    }

    async fn reach_end(&mut self) -> Result<(), FollowError> {
        if self.ledger.head(self.user).await? < self.position {
            return Err(FollowError::NoSuchPosition);
        }
        self.is_at_end = true;
        Ok(())
    }

    async fn wait(&mut self) {
        let (timer, pause) = (self.timer.clone(), self.look_every);
        let nap = self
            .nap
            .get_or_insert_with(|| Box::pin(async move { timer.sleep(pause).await }));
        select(self.ringing.next(), nap).await;
        self.nap = None;
    }
}
