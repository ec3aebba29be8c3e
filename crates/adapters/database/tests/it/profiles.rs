//! Keeping profiles.

use std::sync::Arc;

use database::Database;
use kernel::{Fault, Zone};
use ledger::{Change, Ledger, Position, ProfileChanged};
use sessions::{HelpStore, Profile, ProfileChange, ProfileStore, Profiles};
use testkit::{FixedClock, SeededBits};

use crate::backend::Backend;
use crate::given::{Given, ada, bob, taken};

crate::on_both!(
    what_is_not_changed_stays,
    changes_at_once_all_take_effect,
    each_change_is_in_the_log,
    a_change_of_nothing_is_none,
    a_change_whose_entry_cannot_be_appended_leaves_the_profile,
    a_user_who_only_did_something_has_told_nothing,
    a_name_with_a_nul_is_refused,
);

const SEOUL: Zone = chrono_tz::Asia::Seoul;

async fn what_is_not_changed_stays(db: Backend) {
    let profiles = profiles(&db);
    assert_eq!(db.find(ada()).await.unwrap(), None);
    let steps = [
        (Some("에이다"), None, profile(Some("에이다"), Zone::UTC)),
        (None, Some(SEOUL), profile(Some("에이다"), SEOUL)),
        (Some(" "), None, profile(None, SEOUL)),
    ];
    for (name, zone, expected) in steps {
        let changed = profiles.change(ada(), name, zone).await.unwrap();
        assert_eq!(changed, expected);
        assert_eq!(db.find(ada()).await.unwrap(), Some(expected));
    }
    assert_eq!(db.find(bob()).await.unwrap(), None);
}

async fn changes_at_once_all_take_effect(db: Backend) {
    let profiles = profiles(&db);
    for zone in [SEOUL, chrono_tz::Europe::Berlin] {
        for name in ["Ada", "에이다"] {
            let (named, moved) = tokio::join!(
                profiles.change(ada(), Some(name), None),
                profiles.change(ada(), None, Some(zone)),
            );
            named.and(moved).unwrap();
            let stored = db.find(ada()).await.unwrap();
            assert_eq!(stored, Some(profile(Some(name), zone)));
        }
    }
}

async fn each_change_is_in_the_log(db: Backend) {
    let profiles = profiles(&db);
    profiles.change(ada(), Some("Ada"), None).await.unwrap();
    profiles.change(ada(), None, Some(SEOUL)).await.unwrap();
    let log = db.read(ada(), Position::START, 10).await.unwrap();
    let told: Vec<_> = log
        .into_iter()
        .map(|recorded| recorded.entry)
        .map(|entry| (entry.change, entry.zone))
        .collect();
    let named = ProfileChanged {
        name: Some(Some("Ada".to_owned())),
        time_zone: None,
    };
    let moved = ProfileChanged {
        name: None,
        time_zone: Some("Asia/Seoul".to_owned()),
    };
    let expected = [
        (Change::ProfileChanged(named), Zone::UTC),
        (Change::ProfileChanged(moved), SEOUL),
    ];
    assert_eq!(told, expected);
}

async fn a_change_of_nothing_is_none(db: Backend) {
    let unchanged = profiles(&db).change(ada(), None, None).await.unwrap();
    assert_eq!(unchanged, profile(None, Zone::UTC));
    assert_eq!(db.head(ada()).await.unwrap(), Position::START);
}

async fn a_change_whose_entry_cannot_be_appended_leaves_the_profile(db: Backend) {
    let given = Given::new();
    db.change(&named("Ada"), &given.entry(ada())).await.unwrap();
    let failure = db.change(&named("Bob"), &taken(&db, &given).await).await;
    let failure = failure.unwrap_err();
    assert_eq!(failure.fault(), Fault::Conflict);
    let stored = db.find(ada()).await.unwrap();
    assert_eq!(stored, Some(profile(Some("Ada"), Zone::UTC)));
}

async fn a_user_who_only_did_something_has_told_nothing(db: Backend) {
    let given = Given::new();
    HelpStore::add(&*db, &given.help(ada()), &given.entry(ada()))
        .await
        .unwrap();
    let silent = profile(None, Zone::UTC);
    assert_eq!(db.find(ada()).await.unwrap(), Some(silent));
    db.change(&named("Ada"), &given.entry(ada())).await.unwrap();
    HelpStore::add(&*db, &given.help(ada()), &given.entry(ada()))
        .await
        .unwrap();
    let stored = db.find(ada()).await.unwrap();
    assert_eq!(stored, Some(profile(Some("Ada"), Zone::UTC)));
}

async fn a_name_with_a_nul_is_refused(db: Backend) {
    let entry = Given::new().entry(ada());
    let failure = db.change(&named("a\0"), &entry).await.unwrap_err();
    assert_eq!(failure.fault(), Fault::Refused);
}

fn profiles(db: &Database) -> Profiles {
    let clock = Arc::new(FixedClock::at("2026-03-01T10:00:00Z"));
    Profiles::new(Arc::new(db.clone()), clock, Arc::new(SeededBits::new(3)))
}

fn profile(name: Option<&str>, zone: Zone) -> Profile {
    Profile {
        user: ada(),
        name: name.map(str::to_owned),
        zone,
    }
}

fn named(name: &str) -> ProfileChange {
    ProfileChange {
        user: ada(),
        name: Some(Some(name.to_owned())),
        zone: None,
    }
}
