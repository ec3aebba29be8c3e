//! What is kept of a user is handed out whole, recordings included.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use database::Database;
use futures_util::TryStreamExt;
use privacy::{Erasures, PersonalRows};
use sessions::EventStore;
use voice::Track;

use crate::auth_given::opening;
use crate::backend::Backend;
use crate::erasing_given::{ada_has_everything, erase, studies, talk};
use crate::given::{Given, ada, at, bob};
use crate::race::topics;

crate::on_both!(
    everything_is_handed_out_in_pages_and_once,
    recordings_are_named_by_their_conversation_and_not_kept_after_it,
);

async fn lines(db: &Database, kind: &str) -> Vec<serde_json::Value> {
    let kind = db
        .kinds()
        .into_iter()
        .find(|known| known.name == kind)
        .unwrap();
    let rows: Vec<_> = db.rows(ada(), kind).try_collect().await.unwrap();
    rows.into_iter().map(Into::into).collect()
}

async fn everything_is_handed_out_in_pages_and_once(db: Backend) {
    let given = Given::new();
    let session = ada_has_everything(&db, &given).await;
    studies(&db, &given, bob()).await;
    for second in 0..240 {
        let new = given.event(&session, at(100) + TimeDelta::seconds(second));
        db.record(&new, &new.entries()).await.unwrap();
    }
    topics(&db).catch_up(ada()).await.unwrap();
    let counted = [
        ("events", 242),
        ("ledger", 247),
        ("sessions", 1),
        ("voice-sessions", 1),
        ("voice-turns", 1),
        ("bookmarks", 1),
        ("help-counts", 1),
        ("devices", 2),
        ("audit", 3),
        ("account", 1),
        ("profile", 1),
    ];
    for (kind, count) in counted {
        let lines = lines(&db, kind).await;
        assert_eq!(lines.len(), count, "{kind}");
        let distinct: BTreeSet<_> = lines.iter().map(ToString::to_string).collect();
        assert_eq!(distinct.len(), count, "{kind}");
    }
    let keys: Vec<_> = db.object_keys(ada()).try_collect().await.unwrap();
    assert_eq!(keys.len(), 242 + 2);
    let some = [keys[0].clone(), "uploads/x".parse().unwrap()];
    assert_eq!(
        db.named(ada(), &some).await.unwrap(),
        [keys[0].clone()].into()
    );
    assert_eq!(db.named(bob(), &keys[..9]).await.unwrap(), [].into());
    let account = &lines(&db, "account").await[0];
    assert_eq!(
        (&account["email"], &account["hasPassword"]),
        (&"ada@example.org".into(), &true.into())
    );
    assert!(!account.to_string().contains("$h"));
    let events = lines(&db, "events").await;
    let first = |event: &&serde_json::Value| event["capturedAt"] == "2026-03-01T10:00:01Z";
    let event = events.iter().find(first).unwrap();
    assert_eq!(event["analysis"]["contentAnalysis"]["topic"], "Biology");
    let talk = &lines(&db, "voice-sessions").await[0];
    let id = talk["voiceSessionId"].as_str().unwrap();
    let tracks = ["input", "output"].map(|track| format!("voice/{id}/{track}.wav"));
    assert_eq!(talk["recordings"], serde_json::json!(tracks));
    assert_eq!(talk["costMicros"], 7);
    let turn = &lines(&db, "voice-turns").await[0];
    assert_eq!(turn["text"], "What is photosynthesis?");
    assert!(opening(1).family.device.name().is_none());
}

async fn recordings_are_named_by_their_conversation_and_not_kept_after_it(db: Backend) {
    let given = Given::new();
    let session = studies(&db, &given, ada()).await;
    let id = talk(&db, &given, &session).await;
    let mine = Track::ALL.map(|track| track.key(id));
    let unknown = Track::Input.key(given.id().into());
    let keys: Vec<_> = db.object_keys(ada()).try_collect().await.unwrap();
    assert!(mine.iter().all(|key| keys.contains(key)), "{keys:?}");
    let asked = [mine[1].clone(), unknown];
    let named = db.named(ada(), &asked).await.unwrap();
    assert_eq!(named, [mine[1].clone()].into());
    assert!(db.named(bob(), &asked).await.unwrap().is_empty());

    assert!(!db.is_conversation_erased(id).await.unwrap());
    db.mark(ada(), at(100)).await.unwrap();
    assert!(db.is_conversation_erased(id).await.unwrap());
    erase(&db, ada()).await;
    assert!(db.is_conversation_erased(id).await.unwrap());
}
