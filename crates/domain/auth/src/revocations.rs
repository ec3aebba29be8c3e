//! The blacklist, in memory and kept true.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use chrono::TimeDelta;
use futures_util::future::{Either, select};
use kernel::{Fault, PortError, PortResult, Timer, Timestamp, TokenId};

use crate::IssuedAccess;
use crate::ports::RevocationFeed;

/// A line is kept this long after its token has ended: clocks differ.
pub(crate) const KEEP: TimeDelta = TimeDelta::minutes(2);
/// How long a request waits to hear of other processes' sign-outs.
const ASK_WITHIN: Duration = Duration::from_millis(250);
/// After a failure, requests go by what is known for this long.
const PAUSE: TimeDelta = TimeDelta::seconds(1);
const BATCH: u16 = 500;
const NEVER_READ: i64 = -1;

/// Whether an access token was revoked, by this process or another one on the same database.
///
/// Each check asks the store for one number, and reads more only when the number has moved; the
/// look-up itself is in a hash map. While the store is away, what is known counts: nobody can sign
/// out then.
pub struct Revocations {
    feed: Arc<dyn RevocationFeed>,
    timer: Arc<dyn Timer>,
    known: RwLock<HashMap<TokenId, Timestamp>>,
    /// The number read up to.
    read: AtomicI64,
    /// Milliseconds since 1970; the store is left alone before.
    ask_again_at: AtomicI64,
}

impl Revocations {
    /// Knows nothing yet; the first check reads the whole blacklist.
    pub fn new(feed: Arc<dyn RevocationFeed>, timer: Arc<dyn Timer>) -> Self {
        Self {
            feed,
            timer,
            known: RwLock::default(),
            read: AtomicI64::new(NEVER_READ),
            ask_again_at: AtomicI64::new(i64::MIN),
        }
    }

    /// Whether the token is on the blacklist.
    ///
    /// # Errors
    /// While the store has never answered, nothing is known and no token can be taken.
    pub async fn is_revoked(&self, id: TokenId, now: Timestamp) -> PortResult<bool> {
        if self.knows(id) {
            return Ok(true);
        }
        if let Err(error) = self.catch_up_in_time(now).await {
            if self.read.load(Ordering::Acquire) == NEVER_READ {
                return Err(error);
            }
            tracing::warn!(error = %error, "blacklist not read, going by what is known");
        }
        Ok(self.knows(id))
    }

    /// Reads what is new, however long that takes.
    pub async fn catch_up(&self, now: Timestamp) -> PortResult<()> {
        let head = self.feed.head().await?;
        let mut read = self.read.load(Ordering::Acquire);
        while read < head {
            let lines = self.feed.after(read.max(0), BATCH).await?;
            let lines_read = lines.len();
            // A purged line leaves a hole; without further lines all up to the head is read.
            let newest = lines.last().map_or(head, |line| line.number);
            self.add(lines.into_iter().map(|line| line.access), now);
            read = if lines_read < usize::from(BATCH) {
                newest.max(head)
            } else {
                newest
            };
            self.read.fetch_max(read, Ordering::AcqRel);
        }
        Ok(())
    }

    /// Adds tokens that this process has put on the blacklist.
    pub(crate) fn add(&self, tokens: impl IntoIterator<Item = IssuedAccess>, now: Timestamp) {
        let live = |token: &IssuedAccess| token.expires_at + KEEP > now;
        let tokens = tokens.into_iter().filter(live);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.extend(tokens.map(|token| (token.id, token.expires_at)));
    }

    /// Forgets tokens that have ended by themselves; returns how many are left.
    pub fn forget_expired(&self, now: Timestamp) -> usize {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, expires_at| *expires_at + KEEP > now);
        known.len()
    }

    fn knows(&self, id: TokenId) -> bool {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.contains_key(&id)
    }

    async fn catch_up_in_time(&self, now: Timestamp) -> PortResult<()> {
        if now.timestamp_millis() < self.ask_again_at.load(Ordering::Acquire) {
            return self.not_asked();
        }
        let reading = std::pin::pin!(self.catch_up(now));
        let result = match select(reading, self.timer.sleep(ASK_WITHIN)).await {
            Either::Left((result, _)) => result,
            Either::Right(_) => Err(PortError::bare(
                Fault::Unavailable,
                "read the blacklist in time",
            )),
        };
        if result.is_err() {
            let pause_ends = (now + PAUSE).timestamp_millis();
            self.ask_again_at.store(pause_ends, Ordering::Release);
        }
        result
    }

    fn not_asked(&self) -> PortResult<()> {
        match self.read.load(Ordering::Acquire) {
            NEVER_READ => Err(PortError::bare(Fault::Unavailable, "read the blacklist")),
            _ => Ok(()),
        }
    }
}
