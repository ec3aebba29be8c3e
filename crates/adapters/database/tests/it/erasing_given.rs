//! Users who have everything, and what is left of them.

use std::sync::atomic::{AtomicU64, Ordering};

use auth::{MailedToken, MailedTokens, Purpose};
use database::Database;
use kernel::{UserId, VoiceSessionId, WorkId};
use ledger::{Answer, AnswerKey, Answers, Claim, Claimed};
use privacy::Erasures;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use sessions::{BookmarkStore, EventStore, HelpStore, Session};
use voice::{Append, NewTurn, Usage, VoiceOpening};

use crate::auth_given::{hash, signed_in};
use crate::backend::Backend;
use crate::charges::charge;
use crate::given::{Given, ada, at};
use crate::race::topics;

/// All of a user that does not need an account.
pub(crate) async fn studies(db: &Database, given: &Given, user: UserId) -> Session {
    let session = given.session(user);
    let new = given.event(&session, at(1));
    db.record(&new, &new.entries()).await.unwrap();
    let bookmark = given.bookmark(&new.event, at(2));
    BookmarkStore::add(db, &bookmark, &given.entry(user))
        .await
        .unwrap();
    HelpStore::add(db, &given.help(user), &given.entry(user))
        .await
        .unwrap();
    let late = given.event(&session, at(60));
    db.record(&late, &late.entries()).await.unwrap();
    talk(db, given, &session).await;
    answer(db, user, "{}").await;
    let charge = spending::Charge {
        user,
        ..charge(given.entry(user).id.uuid().as_u128(), 4)
    };
    spending::ChargeStore::store(db, &charge).await.unwrap();
    topics(db).catch_up(user).await.unwrap();
    session
}

/// A conversation with one turn.
pub(crate) async fn talk(db: &Database, given: &Given, session: &Session) -> VoiceSessionId {
    use voice::VoiceStore;

    let talk = given.talk(session);
    let entry = given.entry(talk.user);
    let (id, user) = (talk.id, talk.user);
    let opening = VoiceOpening {
        session: talk,
        entry,
    };
    VoiceStore::open(db, &opening).await.unwrap();
    let turn = NewTurn {
        turn: given.turn(),
        entry: given.entry(user),
    };
    let append = Append {
        id,
        user,
        turns: vec![turn],
        usage: Usage::default(),
        cost_micros: Some(7),
        at: at(5),
    };
    VoiceStore::append(db, &append).await.unwrap();
    id
}

pub(crate) fn work() -> Claimed<'static> {
    Claimed {
        fingerprint: "f",
        work: WorkId::new(uuid::Uuid::nil()),
    }
}

pub(crate) async fn answer(db: &Database, user: UserId, body: &str) {
    let key = AnswerKey {
        user,
        key: "k".to_owned(),
    };
    let claim = db.claim(&key, work(), at(0), at(-1)).await;
    assert!(matches!(claim, Ok(Claim::Ours(_))), "{claim:?}");
    let body = body.to_owned();
    db.keep(&key, &Answer { status: 200, body }).await.unwrap();
}

/// Ada has something in every table.
pub(crate) async fn ada_has_everything(db: &Database, given: &Given) -> Session {
    signed_in(db, 2).await;
    let token = MailedToken {
        hash: hash(9),
        purpose: Purpose::ResetPassword,
        user: ada(),
        expires_at: at(600),
    };
    db.issue(&token, None).await.unwrap();
    studies(db, given, ada()).await
}

pub(crate) async fn erase(db: &Database, user: UserId) -> std::collections::BTreeMap<String, u64> {
    db.mark(user, at(100)).await.unwrap();
    db.remove_rows(user, at(101), note()).await.unwrap()
}

/// The id of a line of the audit, never the same one.
pub(crate) fn note() -> kernel::AuditId {
    static NOTES: AtomicU64 = AtomicU64::new(1);
    let number = NOTES.fetch_add(1, Ordering::Relaxed);
    uuid::Uuid::from_u64_pair(1, number).into()
}

/// Every value of every table, as text; bytes in hexadecimal.
pub(crate) async fn everything(db: &Backend) -> Vec<String> {
    let orm = sea_orm::Database::connect(db.url()).await.unwrap();
    let tables = tables(&orm).await;
    let mut lines = Vec::new();
    for table in &tables {
        for row in texts(&orm, &whole(&orm, table).await).await {
            lines.push(format!("{table}: {row}").to_lowercase());
        }
    }
    orm.close().await.unwrap();
    lines
}

pub(crate) async fn tables(orm: &sea_orm::DatabaseConnection) -> Vec<String> {
    let sql = match orm.get_database_backend() {
        DbBackend::Postgres => "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'",
        _ => "SELECT name FROM sqlite_master WHERE type = 'table'",
    };
    texts(orm, sql).await
}

/// A statement that gives each row as one text.
pub(crate) async fn whole(orm: &sea_orm::DatabaseConnection, table: &str) -> String {
    if orm.get_database_backend() == DbBackend::Postgres {
        return format!("SELECT t::text FROM \"{table}\" t");
    }
    let columns = texts(
        orm,
        &format!("SELECT name FROM pragma_table_info('{table}')"),
    )
    .await;
    let shown = columns.iter().map(|column| {
        format!("coalesce(CASE typeof(\"{column}\") WHEN 'blob' THEN hex(\"{column}\") ELSE \"{column}\" END, '')")
    });
    let shown: Vec<_> = shown.collect();
    format!("SELECT {} FROM \"{table}\"", shown.join(" || ' ' || "))
}

pub(crate) async fn texts(orm: &sea_orm::DatabaseConnection, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(orm.get_database_backend(), sql);
    let rows = orm.query_all_raw(statement).await.unwrap();
    rows.iter()
        .map(|row| row.try_get_by_index(0).unwrap())
        .collect()
}

/// Lines that hold the user's id in any form, or their address.
pub(crate) async fn naming(db: &Backend, user: UserId, email: &str) -> Vec<String> {
    let (id, plain) = (user.to_string(), user.uuid().simple().to_string());
    let mut lines = everything(db).await;
    lines.retain(|line| line.contains(&id) || line.contains(&plain) || line.contains(email));
    lines
}
