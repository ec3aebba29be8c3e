//! The database keeps the contract of the store of conversations.

use testkit::contracts::voice_store::{self as contract, VoiceStores};

use crate::backend::Backend;

macro_rules! contracts {
    ($($name:ident,)+) => {
        $(async fn $name(db: Backend) {
            contract::$name(&VoiceStores {
                store: &*db,
                sessions: &*db,
                ledger: &*db,
            })
            .await;
        })+
        crate::on_both!($($name,)+);
    };
}

contracts![
    a_conversation_comes_back_as_it_was_stored,
    a_conversation_opens_once,
    a_conversation_needs_a_session_of_its_user,
    what_is_appended_is_there,
    an_append_counts_once,
    a_nul_in_a_turn_costs_no_other_word,
    a_conversation_closes_once,
    another_user_sees_and_changes_nothing,
    conversations_are_listed_newest_first_in_pages,
    turns_are_read_from_a_place_on,
    time_talked_is_counted_since_a_moment,
    open_conversations_not_seen_for_long_are_abandoned,
];
