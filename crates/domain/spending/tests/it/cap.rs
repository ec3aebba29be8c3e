//! Who is refused.

use futures_util::FutureExt;
use kernel::UserId;

use crate::house::{House, Store, ada};

#[test]
fn who_has_spent_the_cap_is_refused_until_the_next_day_and_nobody_else() {
    let house = House::with_cap(Some(10));
    house.charge("m", 9);
    assert!(house.admits(ada()));
    house.charge("m", 1);
    let over = house.spending.admit(ada()).now_or_never().unwrap();
    let over = over.unwrap_err();
    assert_eq!(over.cap_micros, 10);
    assert_eq!(over.until.to_rfc3339(), "2026-03-02T00:00:00+00:00");
    assert_eq!(over.wait.num_hours(), 14);
    assert!(house.admits(UserId::from_name("bob")));
}

#[test]
fn without_a_cap_nobody_is_refused() {
    let house = House::with_cap(None);
    house.charge("m", 1_000_000);
    assert!(house.admits(ada()));
}

#[test]
fn what_waits_to_be_stored_counts_once_before_and_after() {
    let house = House::with_cap(Some(10));
    house.shelf.goes(Store::Fails);
    house.charge("m", 6);
    assert!(house.admits(ada()));
    house.charge("m", 3);
    house.shelf.goes(Store::Stores);
    assert!(house.admits(ada()));
    house.replay();
    assert!(house.admits(ada()));
    house.charge("m", 1);
    assert!(!house.admits(ada()));
}

#[test]
fn while_the_database_cannot_tell_what_this_process_knows_counts() {
    let house = House::with_cap(Some(10));
    house.charge("m", 9);
    house.shelf.goes(Store::Fails);
    assert!(house.admits(ada()));
    house.charge("m", 10);
    assert!(!house.admits(ada()));
}
