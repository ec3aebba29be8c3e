//! Segments and leases on keys of objects.

use chrono::TimeDelta;
use kernel::Fault;
use ledger::{Ledger, Position};
use objects::{Claimed, Lease, Leases, ObjectKey, Promise, Sha256Digest};
use segments::{ImageIndex, Segment, SegmentPlace, SegmentStore, Sound};
use tokio::task::JoinSet;

use crate::backend::Backend;
use crate::given::{Given, ada, all, at, bob};

crate::on_both!(
    a_segment_takes_the_place_of_the_one_before,
    of_a_hundred_at_once_one_is_left_with_its_own_sound,
    sound_whose_lease_was_lost_is_not_kept,
    what_an_upload_link_led_to_it_leads_to_again,
    segments_of_others_and_of_other_sessions_are_not_listed,
    a_lease_is_claimed_once_or_lost_once,
    leases_of_claimed_objects_are_forgotten_when_they_end,
);

fn key(given: &Given) -> ObjectKey {
    ObjectKey::segment(ada(), at(0), given.id(), "m4a")
}

fn lease(key: &ObjectKey) -> Lease {
    Lease {
        key: key.clone(),
        until: at(3600),
        promise: None,
        is_claimed: false,
    }
}

fn place(session: &str, image: u32) -> SegmentPlace {
    SegmentPlace {
        session: session.parse().ok(),
        evaluator: "e1".parse().ok(),
        client: "c1".parse().ok(),
        image: ImageIndex::new(image).unwrap(),
    }
}

fn segment(place: SegmentPlace, key: Option<ObjectKey>) -> Segment {
    let sound = key.map(|key| Sound {
        key,
        content_type: "audio/mp4".to_owned(),
        bytes: 12,
    });
    Segment {
        id: place.id(ada()),
        user: ada(),
        place,
        signed_url: Some("https://images.example/0".to_owned()),
        image: None,
        sound,
        created_at: at(1),
        received_at: at(1),
    }
}

/// The key of a segment's sound under a lease.
async fn leased(db: &Backend, given: &Given) -> ObjectKey {
    let key = key(given);
    db.take(&lease(&key)).await.unwrap();
    key
}

async fn only(db: &Backend, session: &str) -> Segment {
    let listed = SegmentStore::list(&**db, ada(), &session.parse().unwrap(), all()).await;
    let mut items = listed.unwrap().items;
    assert_eq!(items.len(), 1);
    items.remove(0)
}

async fn a_segment_takes_the_place_of_the_one_before(db: Backend) {
    let given = Given::new();
    let (first, second) = (leased(&db, &given).await, leased(&db, &given).await);
    let before = segment(place("s", 0), Some(first.clone()));
    let kept = SegmentStore::put(&*db, &before, &given.entry(ada())).await;
    assert_eq!(kept.unwrap().discarded, None);
    assert_eq!(only(&db, "s").await, before);
    let after = Segment {
        received_at: at(9),
        created_at: at(9),
        signed_url: None,
        ..segment(place("s", 0), Some(second))
    };
    let kept = SegmentStore::put(&*db, &after, &given.entry(ada())).await;
    assert_eq!(kept.unwrap().discarded, Some(first.clone()));
    let created_at = before.created_at;
    assert_eq!(
        only(&db, "s").await,
        Segment {
            created_at,
            ..after
        }
    );
    assert_eq!(
        db.lose(at(2), 10).await.unwrap(),
        std::slice::from_ref(&first)
    );
    db.forget(&first).await.unwrap();
    assert_eq!(db.lose(at(2), 10).await.unwrap(), []);
    assert_eq!(db.read(ada(), Position::START, 10).await.unwrap().len(), 2);
}

async fn of_a_hundred_at_once_one_is_left_with_its_own_sound(db: Backend) {
    let given = Given::new();
    let mut calls = JoinSet::new();
    for _ in 0..100 {
        let key = leased(&db, &given).await;
        let (db, entry) = ((*db).clone(), given.entry(ada()));
        let segment = segment(place("s", 0), Some(key));
        calls.spawn(async move { SegmentStore::put(&db, &segment, &entry).await.unwrap() });
    }
    let discarded = calls
        .join_all()
        .await
        .into_iter()
        .filter_map(|kept| kept.discarded);
    let mut discarded: Vec<_> = discarded.collect();
    let left = only(&db, "s").await.sound.unwrap().key;
    assert!(!discarded.contains(&left));
    discarded.sort();
    discarded.dedup();
    assert_eq!(discarded.len(), 99);
    let mut lost = db.lose(at(2), 200).await.unwrap();
    lost.sort();
    assert_eq!(lost, discarded);
}

async fn sound_whose_lease_was_lost_is_not_kept(db: Backend) {
    let given = Given::new();
    let key = leased(&db, &given).await;
    assert_eq!(
        db.lose(at(3601), 10).await.unwrap(),
        std::slice::from_ref(&key)
    );
    let late = segment(place("s", 0), Some(key));
    let put = SegmentStore::put(&*db, &late, &given.entry(ada())).await;
    assert_eq!(put.unwrap_err().fault(), Fault::Unavailable);
    let places = db.places(ada(), &"s".parse().unwrap()).await.unwrap();
    assert_eq!(places, []);
    assert_eq!(db.read(ada(), Position::START, 10).await.unwrap(), []);
}

async fn what_an_upload_link_led_to_it_leads_to_again(db: Backend) {
    let given = Given::new();
    let image = ObjectKey::upload(bob(), at(0), given.id(), "jpg");
    db.take(&lease(&image)).await.unwrap();
    let first = Segment {
        image: Some(image.clone()),
        ..segment(place("s", 0), None)
    };
    let again = segment(place("s", 0), None);
    let other = Segment {
        signed_url: Some("https://images.example/1".to_owned()),
        ..again.clone()
    };
    for (segment, expected) in [(first, Some(image)), (again, None), (other, None)] {
        let keeps = segment.signed_url.as_deref() == Some("https://images.example/0");
        let put = SegmentStore::put(&*db, &segment, &given.entry(ada())).await;
        put.unwrap();
        let led = only(&db, "s").await.image;
        assert_eq!(led.is_some(), keeps, "{segment:?}");
        assert!(expected.is_none() || led == expected);
    }
    assert_eq!(db.lose(at(3601), 10).await.unwrap(), []);
}

async fn segments_of_others_and_of_other_sessions_are_not_listed(db: Backend) {
    let given = Given::new();
    for (session, image) in [("s", 0), ("s", 2), ("t", 0)] {
        let segment = segment(place(session, image), None);
        let put = SegmentStore::put(&*db, &segment, &given.entry(ada())).await;
        put.unwrap();
    }
    let label = "s".parse().unwrap();
    let listed = SegmentStore::list(&*db, ada(), &label, all())
        .await
        .unwrap();
    assert_eq!(listed.items.len(), 2);
    assert_eq!(db.places(ada(), &label).await.unwrap().len(), 2);
    let bobs = SegmentStore::list(&*db, bob(), &label, all())
        .await
        .unwrap();
    assert_eq!(bobs.items, []);
}

async fn a_lease_is_claimed_once_or_lost_once(db: Backend) {
    let given = Given::new();
    let promised = Lease {
        promise: Some(Promise {
            content_type: "image/png".to_owned(),
            size: 7,
            sha256: Some(Sha256Digest::of(b"page")),
        }),
        ..lease(&key(&given))
    };
    db.take(&promised).await.unwrap();
    assert_eq!(
        db.find(&promised.key).await.unwrap(),
        Some(promised.clone())
    );
    assert_eq!(db.claim(&promised.key).await.unwrap(), Claimed::Now);
    assert_eq!(db.claim(&promised.key).await.unwrap(), Claimed::Before);
    let claimed = Lease {
        is_claimed: true,
        ..promised.clone()
    };
    assert_eq!(db.find(&promised.key).await.unwrap(), Some(claimed));
    let late = leased(&db, &given).await;
    assert_eq!(db.lose(at(3600), 10).await.unwrap(), []);
    assert_eq!(
        db.lose(at(3601), 10).await.unwrap(),
        std::slice::from_ref(&late)
    );
    assert_eq!(db.claim(&late).await.unwrap(), Claimed::Lost);
    assert_eq!(db.find(&late).await.unwrap(), None);
    assert_eq!(db.lose(at(3602), 10).await.unwrap(), [late]);
}

async fn leases_of_claimed_objects_are_forgotten_when_they_end(db: Backend) {
    let given = Given::new();
    let key = leased(&db, &given).await;
    db.claim(&key).await.unwrap();
    let end = at(3600);
    assert_eq!(db.lose(end, 10).await.unwrap(), []);
    assert!(db.find(&key).await.unwrap().is_some());
    assert_eq!(
        db.lose(end + TimeDelta::milliseconds(1), 10).await.unwrap(),
        []
    );
    assert_eq!(db.find(&key).await.unwrap(), None);
}
