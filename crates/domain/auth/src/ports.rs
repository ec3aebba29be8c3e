//! What must be stored. Each method that changes something is one transaction, with its audit.
//!
//! A store locks in one order, so that transactions wait for each other and never for themselves:
//! account, then family, then the counter of the blacklist.

use async_trait::async_trait;
use kernel::{Cursor, FamilyId, Page, PageRequest, PortResult, Timestamp, TokenId, UserId};

use crate::credentials::GoogleSubject;
use crate::{
    Account, AuditEvent, EmailAddress, EndReason, Family, Held, IssuedAccess, MailedToken,
    RefreshToken, Role, TokenHash,
};

/// Keeps accounts.
#[async_trait]
pub trait AccountStore: Send + Sync {
    /// The account of this user.
    async fn find(&self, id: UserId) -> PortResult<Option<Account>>;

    /// The account with this address.
    async fn find_by_email(&self, email: &EmailAddress) -> PortResult<Option<Account>>;

    /// The account this Google identity signs in to.
    async fn find_by_google(&self, subject: &GoogleSubject) -> PortResult<Option<Account>>;

    /// Accounts, newest first (time, then id, both descending).
    async fn list(&self, filter: &AccountFilter, page: PageRequest) -> PortResult<Page<Account>>;

    /// Stores a new account with its audit; makes the user known.
    ///
    /// # Errors
    /// [`kernel::Fault::Conflict`] when id, address or Google identity is taken; then nothing has
    /// changed.
    async fn create(&self, account: &Account, audit: &AuditEvent) -> PortResult<()>;

    /// Stores a change as a whole, or not at all.
    async fn apply(&self, change: &AccountChange) -> PortResult<Applied>;
}

/// Which accounts are wanted; `None` means any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountFilter {
    /// Part of the address, in lower case, taken literally.
    pub email_contains: Option<String>,
    /// The role.
    pub role: Option<Role>,
}

impl Account {
    /// Where a list goes on after it.
    pub fn cursor(&self) -> Cursor {
        Cursor {
            at: self.created_at,
            id: self.id.uuid(),
        }
    }
}

/// A change to an account with all that goes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountChange {
    /// The account as it shall be; stored only over the version before its own.
    pub account: Account,
    /// The mailed token that allows the change; it is used up.
    pub redeems: Option<TokenHash>,
    /// What is taken from its devices.
    pub cut: Cut,
    /// What is written down.
    pub audit: Vec<AuditEvent>,
    /// When.
    pub at: Timestamp,
}

/// What a change takes from an account's devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Nothing.
    Nothing,
    /// Their access tokens go on the blacklist; they get new ones by refreshing.
    Access,
    /// Their families end, and their access tokens go on the blacklist.
    Families(EndReason),
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applied {
    /// It is stored; these access tokens have gone on the blacklist.
    Done(Vec<IssuedAccess>),
    /// The account has changed in the meantime or is gone; nothing was stored.
    Moved,
    /// The mailed token was used before; nothing was stored.
    TokenUsed,
}

/// Keeps families of refresh tokens.
#[async_trait]
pub trait FamilyStore: Send + Sync {
    /// Stores a new family with its first token and its audit, if the account is still at this
    /// version.
    async fn open(&self, opening: &Opening) -> PortResult<Stepped>;

    /// A token with its family.
    async fn find(&self, by: FamilyKey) -> PortResult<Option<Held>>;

    /// Gives a presented token a successor: compares and swaps. `Moved`, and nothing stored, when
    /// the account's version is another, the family has ended, or the token's `swapped_at` is not
    /// the expected one. Otherwise the token's `swapped_at` is set unless it was, the successor is
    /// stored, and the family's last use is moved on.
    async fn succeed(&self, succession: &Succession) -> PortResult<Stepped>;

    /// Ends a family of this user with its audit. The access tokens handed out in it that have
    /// not expired go on the blacklist and are returned. `None`, and nothing stored, if there is
    /// no such family or it had ended.
    async fn end(&self, ending: &Ending) -> PortResult<Option<Vec<IssuedAccess>>>;

    /// The user's families that go on and hold a token unexpired at `now`, last used first; at
    /// most 200.
    async fn list(&self, user: UserId, now: Timestamp) -> PortResult<Vec<Family>>;

    /// Removes tokens that expired before `before`, and families without tokens; returns how many
    /// tokens.
    async fn purge(&self, before: Timestamp) -> PortResult<u64>;
}

/// How a family is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FamilyKey {
    /// By a refresh token.
    Refresh(TokenHash),
    /// By the access token handed out with a refresh token.
    Access(TokenId),
}

/// A sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// The version of the account that signs in.
    pub account_version: u32,
    /// The new family.
    pub family: Family,
    /// Its first token.
    pub token: RefreshToken,
    /// What is written down.
    pub audit: AuditEvent,
}

/// A refresh.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Succession {
    /// Whose family it is.
    pub user: UserId,
    /// The version of the account the new access token speaks of.
    pub account_version: u32,
    /// The token that was presented.
    pub presented: TokenHash,
    /// Its `swapped_at` as it was read.
    pub swapped_at: Option<Timestamp>,
    /// What it is swapped for; of the same family, handed out now.
    pub successor: RefreshToken,
}

/// Whether a family took a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stepped {
    /// It did.
    Done,
    /// What the step was based on has changed; nothing was stored.
    Moved,
}

/// The end of a family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// Whose family it is.
    pub user: UserId,
    /// The family.
    pub family: FamilyId,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: EndReason,
    /// What is written down.
    pub audit: AuditEvent,
}

/// Keeps mailed tokens. They are used up by [`AccountStore::apply`].
#[async_trait]
pub trait MailedTokens: Send + Sync {
    /// Stores a token with its audit; an earlier one of the same user and purpose stops working.
    async fn issue(&self, token: &MailedToken, audit: Option<&AuditEvent>) -> PortResult<()>;

    /// The token.
    async fn find(&self, hash: &TokenHash) -> PortResult<Option<MailedToken>>;

    /// Removes tokens that expired before `before`; returns how many.
    async fn purge(&self, before: Timestamp) -> PortResult<u64>;
}

/// Reads the blacklist of access tokens. Other methods write it: [`FamilyStore::end`] and
/// [`AccountStore::apply`]. Its lines are numbered 1, 2, 3 … under one lock, so that the numbers
/// follow commit order and a reader that goes on after a number misses nothing.
#[async_trait]
pub trait RevocationFeed: Send + Sync {
    /// The number of the newest line, purged or not; 0 before the first. One row is read, whatever
    /// the size of the blacklist.
    async fn head(&self) -> PortResult<i64>;

    /// Up to `limit` lines with higher numbers than `after`, in order.
    async fn after(&self, after: i64, limit: u16) -> PortResult<Vec<Revocation>>;

    /// Removes lines of tokens that expired before `before`; returns how many.
    async fn purge(&self, before: Timestamp) -> PortResult<u64>;
}

/// One line of the blacklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revocation {
    /// Its number.
    pub number: i64,
    /// The token that is no longer taken.
    pub access: IssuedAccess,
}
