//! First answers, kept so that a repeated request gets the same one again.

use async_trait::async_trait;
use kernel::{PortResult, Timestamp, UserId, WorkId};

/// What identifies a request that may be repeated.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AnswerKey {
    /// Who asks.
    pub user: UserId,
    /// The client's `Idempotency-Key`, 1 to 200 visible ASCII characters.
    pub key: String,
}

/// An answer as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The JSON body.
    pub body: String,
}

/// A request that is to be carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt {
    /// The same at each attempt to carry the same request out.
    pub work: WorkId,
    /// Whether there was an attempt before, which may have done part of the work, or all of it.
    pub again: bool,
}

/// What is known of a request before it is carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// No answer: carry it out, then [`Answers::keep`] or [`Answers::release`].
    Ours(Attempt),
    /// It is being carried out by somebody else just now.
    InProgress,
    /// The same request was answered before.
    Answered(Answer),
    /// The key was used for another request.
    Mismatch,
}

/// The request a key is claimed for.
#[derive(Debug, Clone, Copy)]
pub struct Claimed<'a> {
    /// A digest of method, path and body.
    pub fingerprint: &'a str,
    /// Names what is to be done.
    pub work: WorkId,
}

/// Keeps first answers for a day.
#[async_trait]
pub trait Answers: Send + Sync {
    /// Claims a key for a request. A later attempt at the same request gets the name of the first
    /// one's work. A claim that was neither kept nor released is given again to whoever asks after
    /// `stale_before`, and earlier when its holder said before that it lives, see [`Self::beat`], and
    /// has said nothing for 15 s.
    async fn claim(
        &self,
        key: &AnswerKey,
        request: Claimed<'_>,
        now: Timestamp,
        stale_before: Timestamp,
    ) -> PortResult<Claim>;

    /// Keeps the answer to a claimed request.
    async fn keep(&self, key: &AnswerKey, answer: &Answer) -> PortResult<()>;

    /// Gives a claim back: the request failed and may be tried again.
    async fn release(&self, key: &AnswerKey) -> PortResult<()>;

    /// Gives back all claims that this holder has not kept; returns how many. Asked before anything
    /// is claimed: they are those of a process that is gone.
    async fn abandon(&self) -> PortResult<u64>;

    /// Says that this holder lives at `now`. Once it was said, it has to be said every few seconds.
    async fn beat(&self, now: Timestamp) -> PortResult<()>;

    /// Removes claims and answers made before `before`; returns how many.
    async fn purge(&self, before: Timestamp) -> PortResult<u64>;
}
