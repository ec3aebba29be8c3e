//! Keeping profiles.

use kernel::Fault;
use sessions::{HelpStore, Profile, ProfileStore};

use crate::backend::Backend;
use crate::given::{Given, ada, bob};

crate::on_both!(
    a_profile_is_stored_and_replaced,
    a_user_who_only_did_something_has_told_nothing,
    a_name_with_a_nul_is_refused,
);

async fn a_profile_is_stored_and_replaced(db: Backend) {
    assert_eq!(db.find(ada()).await.unwrap(), None);
    let mut profile = profile(Some("Ada"));
    for name in [Some("Ada"), None, Some("에이다")] {
        profile.name = name.map(str::to_owned);
        db.save(&profile).await.unwrap();
        assert_eq!(db.find(ada()).await.unwrap(), Some(profile.clone()));
    }
    assert_eq!(db.find(bob()).await.unwrap(), None);
}

async fn a_user_who_only_did_something_has_told_nothing(db: Backend) {
    let given = Given::new();
    HelpStore::add(&*db, &given.help(ada()), &given.entry(ada()))
        .await
        .unwrap();
    let silent = Profile {
        name: None,
        zone: chrono_tz::UTC,
        ..profile(None)
    };
    assert_eq!(db.find(ada()).await.unwrap(), Some(silent));
    db.save(&profile(Some("Ada"))).await.unwrap();
    HelpStore::add(&*db, &given.help(ada()), &given.entry(ada()))
        .await
        .unwrap();
    assert_eq!(db.find(ada()).await.unwrap(), Some(profile(Some("Ada"))));
}

async fn a_name_with_a_nul_is_refused(db: Backend) {
    let failure = db.save(&profile(Some("a\0"))).await.unwrap_err();
    assert_eq!(failure.fault(), Fault::Refused);
}

fn profile(name: Option<&str>) -> Profile {
    Profile {
        user: ada(),
        name: name.map(str::to_owned),
        zone: chrono_tz::Asia::Seoul,
    }
}
