//! What a store of accounts must do. Each function is one promise; each needs a store of its own
//! in which nothing is yet.

#![expect(
    clippy::missing_panics_doc,
    reason = "each function panics where its promise is broken"
)]

mod accounts;
mod audit;
mod blacklist;
mod families;
mod mailed;
mod samples;

use ::auth::{AccountStore, AuditLog, FamilyStore, MailedTokens, RevocationFeed};

pub use accounts::{
    a_change_is_stored_over_the_version_before_only, accounts_are_listed_newest_first_and_filtered,
    an_account_comes_back_as_it_was_stored, id_address_and_identity_are_taken_once,
};
pub use audit::{
    purging_the_audit_takes_what_is_older, the_audit_is_listed_newest_first_by_account,
};
pub use blacklist::{
    a_cut_ends_families_or_access_of_one_account, purging_takes_what_has_expired,
    the_blacklist_is_read_after_a_number,
};
pub use families::{
    a_family_opens_and_goes_on_for_the_known_version_only, a_token_has_one_swap_and_its_repeats,
    an_ended_family_takes_no_step_and_ends_once, families_are_listed_while_they_live,
    swaps_side_by_side_have_one_winner,
};
pub use mailed::{a_mailed_token_allows_one_change, a_newer_mailed_token_replaces_the_older};

/// The ports of one store.
#[derive(Clone, Copy)]
pub struct AuthStores<'a> {
    /// Keeps accounts.
    pub accounts: &'a dyn AccountStore,
    /// Keeps families.
    pub families: &'a dyn FamilyStore,
    /// Keeps mailed tokens.
    pub mailed: &'a dyn MailedTokens,
    /// Reads the blacklist.
    pub feed: &'a dyn RevocationFeed,
    /// Keeps the audit.
    pub audit: &'a dyn AuditLog,
}
