//! First answers, kept so that a repeated request gets the same one again.

use async_trait::async_trait;
use kernel::{PortResult, Timestamp, UserId};

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

/// What is known of a request before it is carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// Nothing: carry it out, then [`Answers::keep`] or [`Answers::release`].
    Ours,
    /// It is being carried out by somebody else just now.
    InProgress,
    /// The same request was answered before.
    Answered(Answer),
    /// The key was used for another request.
    Mismatch,
}

/// Keeps first answers for a day.
#[async_trait]
pub trait Answers: Send + Sync {
    /// Claims a key for a request with this fingerprint (a digest of method, path and body).
    /// A claim that was neither kept nor released is given again to whoever asks after
    /// `stale_before`.
    async fn claim(
        &self,
        key: &AnswerKey,
        fingerprint: &str,
        now: Timestamp,
        stale_before: Timestamp,
    ) -> PortResult<Claim>;

    /// Keeps the answer to a claimed request.
    async fn keep(&self, key: &AnswerKey, answer: &Answer) -> PortResult<()>;

    /// Gives a claim back: the request failed and may be tried again.
    async fn release(&self, key: &AnswerKey) -> PortResult<()>;

    /// Removes claims and answers made before `before`; returns how many.
    async fn purge(&self, before: Timestamp) -> PortResult<u64>;
}
