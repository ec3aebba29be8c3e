//! The database keeps the contracts of the ports of accounts.

use testkit::contracts::auth::{self as contract, AuthStores};

use crate::backend::Backend;

macro_rules! contracts {
    ($($name:ident,)+) => {
        $(async fn $name(db: Backend) {
            contract::$name(&AuthStores {
                accounts: &*db,
                families: &*db,
                mailed: &*db,
                feed: &*db,
                audit: &*db,
            })
            .await;
        })+
        crate::on_both!($($name,)+);
    };
}

contracts![
    an_account_comes_back_as_it_was_stored,
    id_address_and_identity_are_taken_once,
    a_change_is_stored_over_the_version_before_only,
    accounts_are_listed_newest_first_and_filtered,
    a_mailed_token_allows_one_change,
    a_newer_mailed_token_replaces_the_older,
    a_token_has_one_swap_and_its_repeats,
    a_family_opens_and_goes_on_for_the_known_version_only,
    an_ended_family_takes_no_step_and_ends_once,
    a_cut_ends_families_or_access_of_one_account,
    the_blacklist_is_read_after_a_number,
    families_are_listed_while_they_live,
    purging_takes_what_has_expired,
    the_audit_is_listed_newest_first_by_account,
    purging_the_audit_takes_what_is_older,
    swaps_side_by_side_have_one_winner,
];
