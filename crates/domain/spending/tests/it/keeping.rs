//! Where charges go.

use spending::Replayed;

use crate::house::{House, Store, ada};

#[test]
fn a_charge_has_the_price_of_its_model_and_none_where_none_is_known() {
    let house = House::with_cap(None);
    house.charge("m-2026-01-01", 7);
    house.charge("other", 7);
    let stored = house.shelf.stored.lock().unwrap();
    let costs: Vec<_> = stored.values().map(|charge| charge.cost_micros).collect();
    assert_eq!(costs, [Some(7), None]);
    assert!(stored.values().all(|charge| charge.user == ada()));
}

#[test]
fn what_the_store_does_not_take_in_time_waits_in_the_journal_and_is_stored_once() {
    for way in [Store::Fails, Store::Hangs] {
        let house = House::with_cap(None);
        house.shelf.goes(way);
        house.charge("m", 1);
        house.charge("m", 2);
        assert_eq!((house.stored(), house.waiting()), (0, 2));
        house.shelf.goes(Store::Stores);
        let done = house.replay();
        assert_eq!((done.stored, done.set_aside), (2, 0));
        assert_eq!((house.stored(), house.waiting()), (2, 0));
        assert_eq!(house.replay(), Replayed::default());
    }
}

#[test]
fn while_the_store_is_away_everything_goes_on_waiting() {
    let house = House::with_cap(None);
    house.shelf.goes(Store::Fails);
    house.charge("m", 1);
    assert_eq!(house.replay(), Replayed::default());
    assert_eq!(house.waiting(), 1);
}

#[test]
fn what_can_never_be_stored_is_moved_aside() {
    let house = House::with_cap(None);
    house.shelf.goes(Store::Refuses);
    house.charge("m", 1);
    assert_eq!(house.replay().set_aside, 1);
    assert_eq!(house.shelf.aside.lock().unwrap().len(), 1);
    assert_eq!(house.waiting(), 0);
}

#[test]
fn nothing_of_an_erased_user_is_kept() {
    let house = House::with_cap(None);
    house.shelf.goes(Store::HasErased);
    house.charge("m", 1);
    assert_eq!((house.stored(), house.waiting()), (0, 0));
    house.shelf.goes(Store::Fails);
    house.charge("m", 1);
    house.shelf.goes(Store::HasErased);
    house.replay();
    assert_eq!((house.stored(), house.waiting()), (0, 0));
}
