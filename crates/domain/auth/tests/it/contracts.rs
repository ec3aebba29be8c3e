//! The store in memory keeps the contracts of the ports, or the other tests prove nothing.

use testkit::contracts::auth::{self as contract, AuthStores};

use crate::memory::Memory;

macro_rules! contracts {
    ($($name:ident),* $(,)?) => {$(
        #[tokio::test]
        async fn $name() {
            let memory = Memory::default();
            contract::$name(&AuthStores {
                accounts: &memory,
                families: &memory,
                mailed: &memory,
                feed: &memory,
                audit: &memory,
            })
            .await;
        }
    )*};
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
