//! One conversation from begin to end.
#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a promise that is not kept panics; that is what these are for"
)]

use kernel::Fault;
use sessions::Stored;
use voice::{EndReason, TalkState, VoiceSession};

use super::{
    VoiceStores, ada, all, append, at, begun, bob, close, ok, opening, session, told, turn, usage,
};

/// Everything comes back, and one entry tells of it.
pub async fn a_conversation_comes_back_as_it_was_stored(stores: &VoiceStores<'_>) {
    let begun = begun(stores, 1, ada(), at(0)).await;
    assert_eq!(ok(stores.store.find(ada(), begun.id).await), Some(begun));
    assert_eq!(told(stores, ada()).await, ["voice.started"]);
}

/// A repeated open changes nothing.
pub async fn a_conversation_opens_once(stores: &VoiceStores<'_>) {
    let begun = begun(stores, 1, ada(), at(0)).await;
    let other = VoiceSession {
        model: "another".to_owned(),
        ..begun.clone()
    };
    let again = stores.store.open(&opening(&other, 1)).await;
    assert_eq!(ok(again), Stored::Already);
    assert_eq!(ok(stores.store.find(ada(), begun.id).await), Some(begun));
    assert_eq!(told(stores, ada()).await, ["voice.started"]);
}

/// Nobody talks in a session that is not theirs, or under an id that is taken.
pub async fn a_conversation_needs_a_session_of_its_user(stores: &VoiceStores<'_>) {
    let begun = begun(stores, 1, ada(), at(0)).await;
    let intruder = VoiceSession {
        user: bob(),
        ..begun
    };
    for session in [intruder, session(2, ada(), at(0))] {
        let refused = stores.store.open(&opening(&session, 9)).await;
        assert_eq!(refused.unwrap_err().fault(), Fault::Dangling);
    }
    assert_eq!(told(stores, bob()).await, [] as [&str; 0]);
}

/// Turns and totals are there, each turn with its entry, in the order of their places.
pub async fn what_is_appended_is_there(stores: &VoiceStores<'_>) {
    let begun = begun(stores, 1, ada(), at(0)).await;
    let (first, answer, last) = (turn(0, "Was ist das?"), turn(1, "광합성 🌿"), turn(4, ""));
    ok(stores
        .store
        .append(&append(1, [last.clone(), first.clone()], 5))
        .await);
    ok(stores.store.append(&append(1, [answer.clone()], 9)).await);
    let turns = stores.store.turns(ada(), begun.id, 0, 100).await;
    assert_eq!(ok(turns), [first, answer, last]);
    let kept = ok(stores.store.find(ada(), begun.id).await).unwrap();
    assert_eq!((kept.usage, kept.cost_micros), (usage(109), Some(59)));
    let last_seen_at = at(9);
    assert_eq!(kept.state, TalkState::Open { last_seen_at });
    let told = told(stores, ada()).await;
    assert_eq!(
        told,
        ["voice.started", "voice.turn", "voice.turn", "voice.turn"]
    );
}

/// An append may be repeated, whole or in part, and late.
pub async fn an_append_counts_once(stores: &VoiceStores<'_>) {
    let begun = begun(stores, 1, ada(), at(0)).await;
    let early = append(1, [turn(0, "a"), turn(1, "b")], 2);
    ok(stores.store.append(&early).await);
    ok(stores
        .store
        .append(&append(1, [turn(1, "changed"), turn(2, "c")], 8))
        .await);
    ok(stores.store.append(&early).await);
    let turns = ok(stores.store.turns(ada(), begun.id, 0, 100).await);
    let texts: Vec<_> = turns.iter().map(|turn| turn.text.as_str()).collect();
    assert_eq!(texts, ["a", "b", "c"]);
    let kept = ok(stores.store.find(ada(), begun.id).await).unwrap();
    assert_eq!((kept.usage, kept.cost_micros), (usage(108), Some(58)));
    let last_seen_at = at(8);
    assert_eq!(kept.state, TalkState::Open { last_seen_at });
    assert_eq!(told(stores, ada()).await.len(), 4);
}

/// A character that a database does not keep costs itself alone.
pub async fn a_nul_in_a_turn_costs_no_other_word(stores: &VoiceStores<'_>) {
    let begun = begun(stores, 1, ada(), at(0)).await;
    ok(stores
        .store
        .append(&append(1, [turn(0, "one\0two")], 2))
        .await);
    let turns = ok(stores.store.turns(ada(), begun.id, 0, 100).await);
    assert_eq!(turns[0].text, "onetwo");
}

/// The first end stays.
pub async fn a_conversation_closes_once(stores: &VoiceStores<'_>) {
    let begun = begun(stores, 1, ada(), at(0)).await;
    let first = close(1, ada(), at(60), EndReason::client());
    assert_eq!(ok(stores.store.close(&first).await), Stored::New);
    let second = close(1, ada(), at(90), EndReason::crash());
    assert_eq!(ok(stores.store.close(&second).await), Stored::Already);
    let kept = ok(stores.store.find(ada(), begun.id).await).unwrap();
    let (at, reason) = (at(60), EndReason::client());
    assert_eq!(kept.state, TalkState::Ended { at, reason });
    assert_eq!(told(stores, ada()).await, ["voice.started", "voice.ended"]);
}

/// What another user has cannot be seen, added to or ended.
pub async fn another_user_sees_and_changes_nothing(stores: &VoiceStores<'_>) {
    let begun = begun(stores, 1, ada(), at(0)).await;
    ok(stores.store.append(&append(1, [turn(0, "a")], 2)).await);
    let before = ok(stores.store.find(ada(), begun.id).await);
    assert_eq!(ok(stores.store.find(bob(), begun.id).await), None);
    assert_eq!(ok(stores.store.turns(bob(), begun.id, 0, 9).await), []);
    assert_eq!(ok(stores.store.list(bob(), None, all()).await).items, []);
    let listed = stores.store.list(bob(), Some(begun.session), all()).await;
    assert_eq!(ok(listed).items, []);
    let intruder = voice::Append {
        user: bob(),
        turns: Vec::new(),
        ..append(1, [], 50)
    };
    let added = stores.store.append(&intruder).await.unwrap_err();
    let end = close(1, bob(), at(60), EndReason::gone());
    let closed = stores.store.close(&end).await.unwrap_err();
    assert_eq!(
        (added.fault(), closed.fault()),
        (Fault::Dangling, Fault::Dangling)
    );
    assert_eq!(ok(stores.store.find(ada(), begun.id).await), before);
}
