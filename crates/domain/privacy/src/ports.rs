//! What is asked of the places that hold something of users.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use kernel::{AuditId, PortResult, Timestamp, UserId, VoiceSessionId};
use objects::ObjectKey;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One kind of things kept of users, a file of the export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// Its name, also that of the file: `sessions`.
    pub name: &'static str,
}

/// Things that are kept of users and not handed out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Withheld {
    /// What: a table, or a column of one (`audit.actor`).
    pub what: String,
    /// Why.
    pub why: &'static str,
}

/// Things of one kind, as JSON objects with the API's field names.
pub type RowStream = BoxStream<'static, PortResult<Map<String, Value>>>;

/// Reads everything that is stored of a user.
#[async_trait]
pub trait PersonalRows: Send + Sync {
    /// What there is, in the order of the export.
    fn kinds(&self) -> Vec<Kind>;

    /// What is not handed out.
    fn withheld(&self) -> Vec<Withheld>;

    /// The user's things of one kind, oldest first where they have a time. They are read in pages;
    /// what is stored meanwhile may be among them or not, and nothing is among them twice.
    fn rows(&self, user: UserId, kind: Kind) -> RowStream;

    /// The keys of objects that the user's rows name, each once.
    fn object_keys(&self, user: UserId) -> BoxStream<'static, PortResult<ObjectKey>>;

    /// Which of these keys (at most 1,000) the user's rows name.
    async fn named(&self, user: UserId, keys: &[ObjectKey]) -> PortResult<HashSet<ObjectKey>>;
}

/// Keeps the marks of erased users, and removes their rows. The mark of an erasure that is done
/// does not tell whose it was to somebody who does not know the user's id.
#[async_trait]
pub trait Erasures: Send + Sync {
    /// Marks the user: from now on nothing of theirs that was accepted up to `at` is stored. Ids of
    /// accounts are never given again, so of a user with an account nothing is stored any more. All
    /// devices are signed out and their access tokens put on the blacklist. Marking again does the
    /// same again.
    async fn mark(&self, user: UserId, at: Timestamp) -> PortResult<Whose>;

    /// Removes every row of the user in one transaction and ends the erasure. One line of the audit,
    /// with the id `note`, tells that somebody was erased, and not who. What was accepted up to `at`
    /// is refused from now on. Returns how many rows went, by table.
    async fn remove_rows(
        &self,
        user: UserId,
        at: Timestamp,
        note: AuditId,
    ) -> PortResult<BTreeMap<String, u64>>;

    /// Users whose erasure began before `before` and has not ended; at most 100.
    async fn unfinished(&self, before: Timestamp) -> PortResult<Vec<UserId>>;

    /// Whether something of this user that was accepted at `made_at` must not be kept. What does
    /// not tell its time counts as new.
    async fn is_erased(&self, user: UserId, made_at: Option<Timestamp>) -> PortResult<bool>;

    /// Whether nothing recorded in this conversation must be kept: its user was erased, or it is
    /// not known any more.
    async fn is_conversation_erased(&self, id: VoiceSessionId) -> PortResult<bool>;
}

/// Who is erased, as far as places outside the database need to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whose {
    /// The user.
    pub user: UserId,
    /// The address of their account.
    pub email: Option<String>,
}

/// How much of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Amount {
    /// How many things.
    pub count: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl Amount {
    /// Counts one thing of this size more.
    pub fn add(&mut self, bytes: u64) {
        self.count += 1;
        self.bytes += bytes;
    }

    /// Counts more of the same.
    pub fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.bytes += other.bytes;
    }
}

/// A place outside the database and the object store that may hold something of users: what waits
/// on disk, mail that was not sent.
#[async_trait]
pub trait Leftovers: Send + Sync {
    /// The place's name in the receipt.
    fn name(&self) -> &'static str;

    /// Removes everything of this user.
    async fn sweep(&self, whose: &Whose) -> PortResult<Amount>;
}

/// How long an upload waits for the database to say whether its user was erased meanwhile.
pub(crate) const ASK_WITHIN: Duration = Duration::from_millis(500);
