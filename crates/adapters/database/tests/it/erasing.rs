//! Of an erased user nothing is left, and nothing comes back.

use std::collections::BTreeSet;

use auth::{AccountStore, AuditEvent, AuditLog, Audited, FamilyStore, RevocationFeed};
use database::Database;
use kernel::Fault;
use ledger::{Answer, AnswerKey, Answers, Ledger, Position};
use privacy::Erasures;
use sessions::{EventStore, HelpStore, Session, SessionStore};
use tokio::task::JoinSet;
use topics::{Projection, Stats, TopicsError};

use crate::auth_given::{account, event as line, signed_in};
use crate::backend::Backend;
use crate::erasing_given::{ada_has_everything, erase, naming, studies, work};
use crate::given::{Given, ada, at, bob};
use crate::race::{stats, topics};

crate::on_both!(
    nothing_in_any_table_names_an_erased_user,
    another_users_things_stay_as_they_were,
    access_tokens_are_refused_before_anything_goes,
    what_was_accepted_before_the_end_is_refused_after_it,
    a_user_without_account_may_come_back,
    a_user_with_an_account_never_comes_back_and_the_address_does,
    an_erasure_that_was_broken_off_is_told_and_completed,
    whoever_writes_beside_an_erasure_leaves_nothing,
    the_audit_does_not_name_who_is_erased_later_either,
    what_admins_did_to_an_erased_user_stays_under_a_pseudonym,
    a_user_of_whom_nothing_is_kept_is_erased_all_the_same,
);

async fn nothing_in_any_table_names_an_erased_user(db: Backend) {
    let given = Given::new();
    ada_has_everything(&db, &given).await;
    studies(&db, &given, bob()).await;
    let mentioned = AnswerKey {
        user: bob(),
        key: "an admin looked".to_owned(),
    };
    let claim = db.claim(&mentioned, work(), at(0), at(-1));
    claim.await.unwrap();
    let body = format!("{{\"userId\":\"{}\"}}", ada());
    db.keep(&mentioned, &Answer { status: 200, body })
        .await
        .unwrap();
    AuditLog::append(&*db, &by_ada_about_bob()).await.unwrap();
    assert!(!naming(&db, ada(), "ada@example.org").await.is_empty());

    let rows = erase(&db, ada()).await;
    assert_eq!(naming(&db, ada(), "ada@example.org").await, [] as [&str; 0]);
    let expected = [
        "accounts",
        "answers",
        "audit",
        "bookmarks",
        "charges",
        "help_counts",
        "learning_events",
        "ledger_entries",
        "ledger_heads",
        "mailed_tokens",
        "projections",
        "refresh_families",
        "refresh_tokens",
        "session_timelines",
        "sessions",
        "topic_stats",
        "user_topics",
        "users",
        "voice_sessions",
        "voice_turns",
    ];
    let tables: Vec<_> = rows.keys().collect();
    assert_eq!(
        tables, expected,
        "every table that holds something of users"
    );
    assert_eq!(
        (rows["answers"], rows["learning_events"], rows["users"]),
        (2, 2, 1)
    );
    let lines = AuditLog::list(&*db, None, crate::given::all())
        .await
        .unwrap()
        .items;
    let lines: BTreeSet<_> = lines
        .iter()
        .map(|l| (l.what.as_str(), l.actor, l.subject))
        .collect();
    let expected = [
        ("account_erased", None, None),
        ("admin_granted", None, Some(bob())),
    ];
    assert_eq!(lines, expected.into());
}

fn by_ada_about_bob() -> AuditEvent {
    AuditEvent {
        what: Audited::AdminGranted,
        actor: Some(ada()),
        subject: Some(bob()),
        address: Some([192, 0, 2, 1].into()),
        user_agent: Some("ada's phone".to_owned()),
        ..line(900)
    }
}

async fn another_users_things_stay_as_they_were(db: Backend) {
    let given = Given::new();
    ada_has_everything(&db, &given).await;
    let session = studies(&db, &given, bob()).await;
    let before = (
        naming(&db, bob(), "nobody@example.org").await,
        bobs_time(&db, &session).await,
    );
    erase(&db, ada()).await;
    let after = (
        naming(&db, bob(), "nobody@example.org").await,
        bobs_time(&db, &session).await,
    );
    assert_eq!(before, after);
    topics(&db).rebuild(bob()).await.unwrap();
    assert_eq!(bobs_time(&db, &session).await, after.1);
}

async fn bobs_time(db: &Database, session: &Session) -> Stats {
    stats(&topics(db), bob(), session.id).await
}

async fn access_tokens_are_refused_before_anything_goes(db: Backend) {
    signed_in(&db, 2).await;
    let whose = db.mark(ada(), at(100)).await.unwrap();
    assert_eq!(whose.email.as_deref(), Some("ada@example.org"));
    assert_eq!(db.after(0, 10).await.unwrap().len(), 2);
    assert_eq!(FamilyStore::list(&*db, ada(), at(100)).await.unwrap(), []);
    db.mark(ada(), at(100)).await.unwrap();
    assert_eq!(db.after(0, 10).await.unwrap().len(), 2);
}

#[track_caller]
fn gone<T: std::fmt::Debug>(result: kernel::PortResult<T>) {
    assert_eq!(result.unwrap_err().fault(), Fault::Gone);
}

async fn what_was_accepted_before_the_end_is_refused_after_it(db: Backend) {
    let given = Given::new();
    let session = studies(&db, &given, ada()).await;
    let (first, second) = (given.event(&session, at(90)), given.event(&session, at(91)));
    db.mark(ada(), at(100)).await.unwrap();
    gone(db.record(&first, &first.entries()).await);
    assert!(db.is_erased(ada(), Some(at(500))).await.unwrap());
    db.remove_rows(ada(), at(101), given.id().into())
        .await
        .unwrap();
    gone(db.record(&second, &second.entries()).await);
    gone(HelpStore::add(&*db, &given.help(ada()), &given.entry(ada())).await);
    gone(Projection::begin(&*db, ada()).await.map(drop));
    let key = AnswerKey {
        user: ada(),
        key: "late".to_owned(),
    };
    gone(db.claim(&key, work(), at(99), at(0)).await);
    assert_eq!(
        naming(&db, ada(), "nobody@example.org").await,
        [] as [&str; 0]
    );
    assert!(db.is_erased(ada(), Some(at(101))).await.unwrap());
    assert!(!db.is_erased(ada(), Some(at(102))).await.unwrap());
    assert!(!db.is_erased(bob(), Some(at(0))).await.unwrap());
}

async fn a_user_without_account_may_come_back(db: Backend) {
    let given = Given::new();
    studies(&db, &given, ada()).await;
    erase(&db, ada()).await;
    let session = given.session_at(ada(), at(200), chrono_tz::UTC);
    let new = given.event(&session, at(200));
    db.record(&new, &new.entries()).await.unwrap();
    assert_eq!(Ledger::head(&*db, ada()).await.unwrap(), Position::new(2));
    let rows = erase(&db, ada()).await;
    assert_eq!((rows["learning_events"], rows["ledger_entries"]), (1, 2));
}

async fn a_user_with_an_account_never_comes_back_and_the_address_does(db: Backend) {
    let given = Given::new();
    ada_has_everything(&db, &given).await;
    erase(&db, ada()).await;
    let session = given.session_at(ada(), at(5000), chrono_tz::UTC);
    gone(
        SessionStore::start(&*db, &session, &{
            let mut entry = given.started(&session);
            entry.server_time = at(5000);
            entry
        })
        .await,
    );
    let again = auth::Account {
        id: given.id().into(),
        ..account()
    };
    AccountStore::create(&*db, &again, &line(901))
        .await
        .unwrap();
    let found = db.find_by_email(&again.email).await.unwrap();
    assert_eq!(found.map(|account| account.id), Some(again.id));
}

async fn an_erasure_that_was_broken_off_is_told_and_completed(db: Backend) {
    studies(&db, &Given::new(), ada()).await;
    db.mark(ada(), at(100)).await.unwrap();
    assert_eq!(db.unfinished(at(100)).await.unwrap(), []);
    assert_eq!(db.unfinished(at(101)).await.unwrap(), [ada()]);
    erase(&db, ada()).await;
    assert_eq!(db.unfinished(at(999)).await.unwrap(), []);
}

/// Writers that go on all the while, projectors, a second erasure, an audit that names her.
async fn whoever_writes_beside_an_erasure_leaves_nothing(db: Backend) {
    let given = std::sync::Arc::new(Given::new());
    ada_has_everything(&db, &given).await;
    let mut racers = JoinSet::new();
    for writer in 0..4 {
        let (db, given) = (db.again().await, std::sync::Arc::clone(&given));
        racers.spawn(async move {
            for turn in 0..15 {
                let session = given.session(ada());
                let new = given.event(&session, at(turn));
                if let Err(error) = db.record(&new, &new.entries()).await {
                    assert_eq!(error.fault(), Fault::Gone);
                }
                AuditLog::append(
                    &db,
                    &line(2000 + writer * 100 + u16::try_from(turn).unwrap()),
                )
                .await
                .unwrap();
            }
        });
    }
    racers.spawn(project_who_is_there(db.again().await));
    for _ in 0..2 {
        let (db, note) = (db.again().await, given.id());
        racers.spawn(async move {
            db.mark(ada(), at(100)).await.unwrap();
            db.remove_rows(ada(), at(101), note.into()).await.unwrap();
        });
    }
    racers.join_all().await;
    assert_eq!(naming(&db, ada(), "ada@example.org").await, [] as [&str; 0]);
}

async fn project_who_is_there(db: Database) {
    for _ in 0..40 {
        if let Err(TopicsError::Port(error)) = topics(&db).catch_up(ada()).await {
            assert_eq!(error.fault(), Fault::Gone);
        }
    }
}

async fn the_audit_does_not_name_who_is_erased_later_either(db: Backend) {
    signed_in(&db, 1).await;
    erase(&db, ada()).await;
    let looked_for = AuditEvent {
        actor: Some(bob()),
        ..line(902)
    };
    AuditLog::append(&*db, &looked_for).await.unwrap();
    let lines = AuditLog::list(&*db, None, crate::given::all())
        .await
        .unwrap()
        .items;
    assert!(lines.iter().all(|line| line.subject.is_none()));
    assert!(lines.iter().any(|line| line.actor == Some(bob())));
}

/// What was done to Ada by whom.
fn to_ada(what: Audited, actor: Option<kernel::UserId>, n: u16) -> AuditEvent {
    AuditEvent {
        what,
        actor,
        subject: Some(ada()),
        ..line(n)
    }
}

async fn what_admins_did_to_an_erased_user_stays_under_a_pseudonym(db: Backend) {
    signed_in(&db, 1).await;
    let stay = [
        to_ada(Audited::AccountDisabled, Some(bob()), 910),
        to_ada(Audited::AccountEnabled, None, 911),
    ];
    let go = [
        to_ada(Audited::SignInFailed, None, 912),
        to_ada(Audited::AccountRead, Some(ada()), 913),
    ];
    for event in stay.iter().chain(&go) {
        AuditLog::append(&*db, event).await.unwrap();
    }
    erase(&db, ada()).await;
    let lines = AuditLog::list(&*db, None, crate::given::all()).await;
    let mut lines = lines.unwrap().items;
    lines.retain(|line| line.what != Audited::AccountErased);
    lines.sort_by_key(|line| line.id);
    let told: Vec<_> = lines.iter().map(|l| (l.what, l.actor)).collect();
    assert_eq!(told, stay.each_ref().map(|e| (e.what, e.actor)));
    let pseudonym = lines[0].subject;
    assert!(pseudonym.is_some_and(|user| user != ada()));
    assert!(lines.iter().all(|line| line.subject == pseudonym));
    assert_eq!(naming(&db, ada(), "ada@example.org").await, [] as [&str; 0]);
}

async fn a_user_of_whom_nothing_is_kept_is_erased_all_the_same(db: Backend) {
    let rows = erase(&db, bob()).await;
    assert!(
        rows.keys()
            .all(|table| ["users", "ledger_heads"].contains(&&**table)),
        "{rows:?}"
    );
    assert_eq!(
        naming(&db, bob(), "nobody@example.org").await,
        [] as [&str; 0]
    );
}
