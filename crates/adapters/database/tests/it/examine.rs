//! What the operator's doctor finds.

use database::{Database, Examined, sqlite_file};
use sea_orm::{ConnectionTrait, Database as Orm};

use crate::backend::{Backend, connect};

crate::on_both!(
    a_database_in_order_is_up_to_date,
    a_newer_schema_is_told_and_an_older_version_starts_on_it,
);

async fn a_database_in_order_is_up_to_date(db: Backend) {
    let Examined {
        version,
        pending,
        unknown,
        closed_tables,
    } = db.examine().await.unwrap();
    let is_named = version.starts_with("SQLite 3") || version.starts_with("Postgres 1");
    assert!(is_named, "{version}");
    assert!(pending.is_empty() && unknown.is_empty() && closed_tables.is_empty());
}

async fn a_newer_schema_is_told_and_an_older_version_starts_on_it(db: Backend) {
    let raw = Orm::connect(db.url()).await.unwrap();
    let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_future', 0)";
    raw.execute_unprepared(newer).await.unwrap();
    let older = connect(db.url()).await;
    older.migrate().await.unwrap();
    let found = older.examine().await.unwrap();
    assert_eq!(found.unknown, ["m9999_future"]);
}

#[tokio::test]
async fn an_empty_database_is_told_to_be_behind_and_stays_empty() {
    let empty = testkit::postgres::empty();
    let database = connect(empty.url()).await;
    for _ in 0..2 {
        let found = database.examine().await.unwrap();
        assert!(found.pending.len() > 5, "{found:?}");
    }
    assert!(is_recent(&database).await);
}

async fn is_recent(database: &Database) -> bool {
    let now = database.server_time().await.unwrap().unwrap();
    (chrono::Utc::now() - now).num_minutes() == 0
}

#[test]
fn the_file_of_a_url_is_known() {
    let file = sqlite_file("sqlite:///a/b.db?mode=rwc").unwrap();
    assert_eq!(file, std::path::Path::new("/a/b.db"));
    assert_eq!(sqlite_file("postgres://h/x"), None);
    assert_eq!(sqlite_file("sqlite::memory:"), None);
}
