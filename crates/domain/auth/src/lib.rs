//! Accounts: who somebody is, how they get in, and how they are kept out.
//!
//! [`Auth`] and [`Admin`] are the facades; each verb has its file. A sign-in opens a [`Family`] of
//! refresh tokens, each swapped for the next; [`Held::present`] decides what a presented one leads
//! to. Access tokens are checked without asking anyone but the blacklist ([`Revocations`]), which
//! holds every access token of a family that has ended.
//!
//! What is stored changes by four methods, each one transaction with its audit:
//! [`AccountStore::create`], [`AccountStore::apply`], [`FamilyStore::open`]/[`FamilyStore::succeed`]
//! and [`FamilyStore::end`]. They compare before they store (the account's version, the token's
//! swap), so that a decision made on old knowledge is made again instead of stored.
//!
//! No answer to a sign-in tells a missing account from a wrong password, in words or in time.

mod access;
mod account;
mod admin;
mod attempts;
mod audit;
mod auth;
mod authenticate;
mod census;
mod change;
mod credentials;
mod device;
mod devices;
mod email;
mod family;
mod google;
mod google_sign_in;
mod mail;
mod mailing;
mod mint;
mod opaque;
mod outcome;
mod password;
mod ports;
mod purge;
mod recent_census;
mod redeem;
mod refresh;
mod register;
mod revocations;
mod role;
mod sign_in;
mod sign_out;

pub use access::{AccessClaims, AccessTokenError, AccessTokens, IssuedAccess};
pub use account::{Account, LinkRefused, Ownership, PasswordSetter, Standing};
pub use admin::{Access, Admin, AdminChange, AdminCreateError, AdminError, AdminPermit};
pub use attempts::{Attempt, AttemptKind};
pub use audit::{AuditEvent, AuditLog, Audited};
pub use auth::{Auth, AuthPorts, AuthRules};
pub use authenticate::Caller;
pub use census::{AccountTotals, Census, StudyTotals, Totals};
pub use credentials::{Credentials, GoogleSubject, InvalidSubject};
pub use device::{Device, Origin};
pub use devices::SignedInDevice;
pub use email::{EmailAddress, InvalidEmail};
pub use family::{EndReason, Family, Held, Presented, REPEAT_WITHIN, RefreshToken};
pub use google::{GoogleAccounts, GoogleError, GoogleIdentity, PendingGoogle};
pub use mail::{MAILED_FOR, Mail, MailedToken, Mailer, Purpose};
pub use opaque::{OpaqueToken, SecretBytes, TokenHash};
pub use outcome::{
    GoogleSignInError, MailError, RedeemError, RefreshError, RegisterError, SignInError, SignedIn,
    TokenPair, TooManyAttempts, Unauthenticated,
};
pub use password::{NewPassword, Password, PasswordHash, PasswordHasher, Verdict, WeakPassword};
pub use ports::{
    AccountChange, AccountFilter, AccountStore, Applied, Cut, Ending, FamilyKey, FamilyStore,
    MailedTokens, Opening, Revocation, RevocationFeed, Stepped, Succession,
};
pub use purge::Purged;
pub use recent_census::RecentCensus;
pub use revocations::Revocations;
pub use role::Role;
