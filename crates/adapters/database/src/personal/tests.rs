//! No table and no column is forgotten: what is declared is the schema.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use testkit::postgres;

use super::PERSONAL;
use super::declared::{Export, Impersonal, Owner, Personal, Shown};
use crate::{Database, Options};

/// Tables that hold nothing of users, whole.
const IMPERSONAL: &[Impersonal] = &[
    Impersonal {
        table: "revocations",
        columns: &["number", "token_id", "expires_at"],
        why: "ids of access tokens, which no other row names once the families are gone; a token \
              stays refused until it expires",
    },
    Impersonal {
        table: "revocation_head",
        columns: &["id", "number"],
        why: "one number of the whole server",
    },
    Impersonal {
        table: "erasures",
        columns: &["digest", "user_id", "began_at", "refuse_until"],
        why: "the user's id stands there only until the erasure is complete",
    },
    Impersonal {
        table: "object_leases",
        columns: &["key", "until", "state", "content_type", "size", "sha256"],
        why: "a key names its user until the lease ends, for what is put behind a link that was \
              given out before an erasure must go too",
    },
    Impersonal {
        table: "processes",
        columns: &["id", "seen_at"],
        why: "names of processes",
    },
    Impersonal {
        table: "seaql_migrations",
        columns: &["version", "applied_at"],
        why: "names of migrations",
    },
];

/// The columns of each table, and where each foreign key leads.
struct Schema {
    columns: BTreeMap<String, BTreeSet<String>>,
    /// From, column, to.
    links: Vec<(String, String, String)>,
}

const SQLITE_COLUMNS: &str = "SELECT t.name, c.name FROM sqlite_master t, \
    pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'";
const SQLITE_LINKS: &str = "SELECT t.name, f.\"from\", f.\"table\" FROM sqlite_master t, \
    pragma_foreign_key_list(t.name) f WHERE t.type = 'table'";
const POSTGRES_COLUMNS: &str = "SELECT table_name::text, column_name::text \
    FROM information_schema.columns WHERE table_schema = 'public'";
const POSTGRES_LINKS: &str = "SELECT c.conrelid::regclass::text, a.attname::text, \
    c.confrelid::regclass::text FROM pg_constraint c JOIN pg_attribute a \
    ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey) WHERE c.contype = 'f'";

async fn texts(db: &DatabaseConnection, sql: &str, width: usize) -> Vec<Vec<String>> {
    let statement = Statement::from_string(db.get_database_backend(), sql);
    let rows = db.query_all_raw(statement).await.unwrap();
    let text = |row: &sea_orm::QueryResult, at| row.try_get_by_index::<String>(at).unwrap();
    let row = |row| (0..width).map(|at| text(&row, at)).collect();
    rows.into_iter().map(row).collect()
}

async fn schema(database: &Database) -> Schema {
    let db = database.reader();
    let (columns_sql, links_sql) = match db.get_database_backend() {
        DbBackend::Postgres => (POSTGRES_COLUMNS, POSTGRES_LINKS),
        _ => (SQLITE_COLUMNS, SQLITE_LINKS),
    };
    let mut columns: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in texts(db, columns_sql, 2).await {
        columns
            .entry(row[0].clone())
            .or_default()
            .insert(row[1].clone());
    }
    let links = texts(db, links_sql, 3).await.into_iter();
    let links = links.map(|row| (row[0].clone(), row[1].clone(), row[2].clone()));
    Schema {
        columns,
        links: links.collect(),
    }
}

async fn check(database: Database) {
    database.migrate().await.unwrap();
    let schema = schema(&database).await;
    every_table_is_declared_once(&schema);
    every_column_is_shown_or_hidden(&schema);
    what_points_to_users_goes_before_them(&schema);
}

#[tokio::test]
async fn every_table_and_column_of_sqlite_is_declared() {
    let database = Database::connect("sqlite::memory:", Options::default()).await;
    check(database.unwrap()).await;
}

#[tokio::test]
async fn every_table_and_column_of_postgres_is_declared() {
    let place = postgres::empty();
    let database = Database::connect(place.url(), Options::default()).await;
    check(database.unwrap()).await;
}

fn every_table_is_declared_once(schema: &Schema) {
    let personal = PERSONAL.iter().map(|personal| personal.table);
    let impersonal = IMPERSONAL.iter().map(|impersonal| impersonal.table);
    let mut declared: Vec<&str> = personal.chain(impersonal).collect();
    declared.sort_unstable();
    let tables: Vec<&String> = schema.columns.keys().collect();
    assert_eq!(
        tables, declared,
        "tables of the schema, and those declared in `personal`"
    );
}

fn every_column_is_shown_or_hidden(schema: &Schema) {
    for Impersonal { table, columns, .. } in IMPERSONAL {
        let declared = columns.iter().map(|&column| column.to_owned()).collect();
        assert_eq!(schema.columns[*table], declared, "columns of {table}");
    }
    for personal in PERSONAL {
        let Export::As { fields, .. } = personal.export else {
            assert!(schema.columns[personal.table].is_superset(&owners(personal)));
            continue;
        };
        let mut declared = owners(personal);
        declared.extend(fields.iter().map(|field| field.column.to_owned()));
        let columns = &schema.columns[personal.table];
        assert_eq!(columns, &declared, "columns of {}", personal.table);
    }
}

fn owners(personal: &Personal) -> BTreeSet<String> {
    let columns = match personal.owner {
        Owner::Column(column) | Owner::Through(column, _) => vec![column],
        Owner::ColumnOrMention(column, text) => vec![column, text],
        Owner::Audit => vec!["actor", "subject"],
    };
    columns.into_iter().map(str::to_owned).collect()
}

/// Else rows would go along uncounted, and a table that holds nothing of users would.
fn what_points_to_users_goes_before_them(schema: &Schema) {
    let place = |table: &str| PERSONAL.iter().position(|personal| personal.table == table);
    for (from, column, to) in &schema.links {
        let (Some(from_place), Some(to_place)) = (place(from), place(to)) else {
            panic!("{from}.{column} leads to {to}: both hold something of users");
        };
        assert!(from_place < to_place, "{from} is deleted before {to}");
    }
    for personal in PERSONAL {
        if let Owner::Through(column, table) = personal.owner {
            let link = (personal.table.into(), column.into(), table.into());
            assert!(schema.links.contains(&link), "{link:?}");
        }
    }
}

#[test]
fn a_table_that_names_objects_is_in_the_order_of_their_keys() {
    for personal in PERSONAL {
        let Export::As { order, fields, .. } = personal.export else {
            continue;
        };
        let mut keys = fields
            .iter()
            .filter(|field| matches!(field.shown, Shown::ObjectKey | Shown::Recordings));
        if let Some(key) = keys.next() {
            assert_eq!(order[0].column(), key.column, "{}", personal.table);
        }
        assert!(
            keys.next().is_none(),
            "{} names one object a row",
            personal.table
        );
    }
}
