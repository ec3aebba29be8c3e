//! Several conversations.
#![expect(
    clippy::missing_panics_doc,
    reason = "a promise that is not kept panics; that is what these are for"
)]

use chrono::TimeDelta;
use kernel::{PageRequest, VoiceSessionId};
use voice::{EndReason, VoiceSession};

use super::{VoiceStores, ada, all, append, at, begun, bob, close, ok, study, talk, turn};

fn ids(sessions: &[VoiceSession]) -> Vec<VoiceSessionId> {
    sessions.iter().map(|session| session.id).collect()
}

/// Newest first, one page after another, nothing twice and nothing left out.
pub async fn conversations_are_listed_newest_first_in_pages(stores: &VoiceStores<'_>) {
    for (n, second) in [(1, 10), (2, 30), (3, 30), (4, 20)] {
        begun(stores, n, ada(), at(second)).await;
    }
    begun(stores, 5, bob(), at(40)).await;
    let (mut listed, mut after) = (Vec::new(), None);
    loop {
        let page = PageRequest::new(2, after);
        let page = ok(stores.store.list(ada(), None, page).await);
        listed.extend(ids(&page.items));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(listed, [talk(3), talk(2), talk(4), talk(1)]);
    let of_one = ok(stores.store.list(ada(), Some(study(4)), all()).await);
    assert_eq!(ids(&of_one.items), [talk(4)]);
}

/// A transcript is read from a place on, so many turns at a time.
pub async fn turns_are_read_from_a_place_on(stores: &VoiceStores<'_>) {
    let begun = begun(stores, 1, ada(), at(0)).await;
    let turns = [0, 1, 2, 5, 9].map(|index| turn(index, "x"));
    ok(stores.store.append(&append(1, turns, 10)).await);
    for (from, limit, expected) in [(0, 2, vec![0, 1]), (2, 2, vec![2, 5]), (6, 9, vec![9])] {
        let read = ok(stores.store.turns(ada(), begun.id, from, limit).await);
        let read: Vec<u32> = read.iter().map(|turn| turn.index).collect();
        assert_eq!(read, expected);
    }
    let beyond = stores.store.turns(ada(), begun.id, u32::MAX, 9).await;
    assert_eq!(ok(beyond), []);
}

/// Ended ones from begin to end, open ones as far as they were seen.
pub async fn time_talked_is_counted_since_a_moment(stores: &VoiceStores<'_>) {
    assert_eq!(
        ok(stores.store.talked(ada(), at(0)).await),
        TimeDelta::zero()
    );
    for (n, second) in [(1, 0), (2, 1000), (3, 2000), (4, 3000)] {
        begun(stores, n, ada(), at(second)).await;
    }
    begun(stores, 5, bob(), at(1000)).await;
    ok(stores
        .store
        .close(&close(1, ada(), at(500), EndReason::client()))
        .await);
    ok(stores
        .store
        .close(&close(2, ada(), at(1300), EndReason::tool()))
        .await);
    ok(stores.store.append(&append(3, [], 2060)).await);
    // The clock went back while this one was open.
    ok(stores
        .store
        .close(&close(4, ada(), at(1), EndReason::gone()))
        .await);
    let talked = ok(stores.store.talked(ada(), at(1000)).await);
    assert_eq!(talked, TimeDelta::seconds(300 + 60));
    let nobody = ok(stores.store.talked(bob(), at(2000)).await);
    assert_eq!(nobody, TimeDelta::zero());
}

/// Those of every user that are open and were not seen for long, oldest first.
pub async fn open_conversations_not_seen_for_long_are_abandoned(stores: &VoiceStores<'_>) {
    for (n, user, second) in [(1, ada(), 0), (2, bob(), 5), (3, ada(), 3), (4, ada(), 50)] {
        begun(stores, n, user, at(second)).await;
    }
    begun(stores, 5, ada(), at(1)).await;
    ok(stores.store.append(&append(1, [], 9)).await);
    ok(stores
        .store
        .close(&close(5, ada(), at(2), EndReason::client()))
        .await);
    let abandoned = ok(stores.store.abandoned(at(10), 100).await);
    assert_eq!(ids(&abandoned), [talk(3), talk(2), talk(1)]);
    let first = ok(stores.store.abandoned(at(10), 1).await);
    assert_eq!(ids(&first), [talk(3)]);
}
