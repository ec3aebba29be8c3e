//! Everything of a user, to be handed out.

use std::collections::{BTreeSet, HashSet};

use async_trait::async_trait;
use futures_util::stream::{self, BoxStream, StreamExt, TryStreamExt};
use kernel::{Fault, PortError, PortResult, UserId};
use objects::ObjectKey;
use privacy::{Kind, PersonalRows, RowStream, Withheld};
use sea_orm::sea_query::{Expr, ExprTrait, Value};
use sea_orm::{ConnectionTrait, QueryResult};

use super::PERSONAL;
use super::declared::{Export, Field, Key, Personal, Shown};
use super::delete::condition;
use super::pages::{Reading, columns, rows};
use super::shown::{get, object, recordings_of};
use crate::Database;
use crate::error::within;

#[async_trait]
impl PersonalRows for Database {
    fn kinds(&self) -> Vec<Kind> {
        let handed_out = PERSONAL
            .iter()
            .rev()
            .filter_map(|personal| match personal.export {
                Export::As { kind, .. } => Some(Kind { name: kind }),
                Export::No(_) => None,
            });
        handed_out.collect()
    }

    fn withheld(&self) -> Vec<Withheld> {
        PERSONAL.iter().flat_map(withheld).collect()
    }

    fn rows(&self, user: UserId, kind: Kind) -> RowStream {
        let declared = PERSONAL.iter().find_map(|personal| match &personal.export {
            Export::As {
                kind: name,
                order,
                fields,
            } if *name == kind.name => Some((personal, *order, *fields)),
            _ => None,
        });
        let Some((personal, order, fields)) = declared else {
            let unknown = PortError::bare(Fault::Refused, "read rows of an unknown kind");
            return stream::once(async { Err(unknown) }).boxed();
        };
        let reading = Reading {
            personal,
            order,
            user,
        };
        // The database refuses a column that is named twice in an order, not in a selection.
        let keys = order.iter().map(|key| key.column());
        let named: BTreeSet<_> = fields
            .iter()
            .map(|field| field.column)
            .chain(keys)
            .collect();
        let shown = move |row| async move { object(&row, fields, user) };
        rows(self, reading, columns(named)).and_then(shown).boxed()
    }

    fn object_keys(&self, user: UserId) -> BoxStream<'static, PortResult<ObjectKey>> {
        let database = self.clone();
        let tables = stream::iter(PERSONAL.iter().filter_map(naming));
        tables
            .flat_map(move |naming| keys(&database, naming, user))
            .boxed()
    }

    async fn named(&self, user: UserId, keys: &[ObjectKey]) -> PortResult<HashSet<ObjectKey>> {
        let wanted: HashSet<&ObjectKey> = keys.iter().collect();
        let mut named = HashSet::new();
        for naming in PERSONAL.iter().filter_map(naming) {
            let Naming {
                personal, column, ..
            } = naming;
            let select = columns([column])
                .distinct()
                .from(personal.table)
                .cond_where(condition(personal.owner, user))
                .and_where(Expr::col(column).is_in(naming.values(keys)))
                .to_owned();
            let found = within("look for named objects", self.reader().query_all(&select));
            for row in found.await? {
                named.extend(naming.keys_in(&row)?);
            }
        }
        named.retain(|key| wanted.contains(key));
        Ok(named)
    }
}

fn withheld(personal: &'static Personal) -> Vec<Withheld> {
    let table = personal.table;
    match personal.export {
        Export::No(why) => vec![Withheld {
            what: table.to_owned(),
            why,
        }],
        Export::As { fields, .. } => fields
            .iter()
            .filter_map(|field| match field.shown {
                Shown::Hidden(why) => Some(Withheld {
                    what: format!("{table}.{}", field.column),
                    why,
                }),
                _ => None,
            })
            .collect(),
    }
}

/// A table whose rows name objects.
#[derive(Clone, Copy)]
struct Naming {
    personal: &'static Personal,
    column: &'static str,
    by: By,
}

/// How a column names objects.
#[derive(Clone, Copy)]
enum By {
    Key,
    Conversation,
}

impl Naming {
    /// The objects that this row names.
    fn keys_in(self, row: &QueryResult) -> PortResult<Vec<ObjectKey>> {
        match self.by {
            By::Key => match get::<String>(row, self.column)? {
                none if none.is_empty() => Ok(Vec::new()),
                text => Ok(vec![key(&text)?]),
            },
            By::Conversation => Ok(recordings_of(get(row, self.column)?).into()),
        }
    }

    /// What the column of a row that names one of these objects holds.
    fn values(self, keys: &[ObjectKey]) -> Vec<Value> {
        let value = |key: &ObjectKey| match self.by {
            By::Key => Some(key.as_str().into()),
            By::Conversation => key.conversation().map(|id| id.uuid().into()),
        };
        keys.iter().filter_map(value).collect()
    }
}

fn naming(personal: &'static Personal) -> Option<Naming> {
    let Export::As { fields, .. } = personal.export else {
        return None;
    };
    let naming = |field: &Field| {
        let by = match field.shown {
            Shown::ObjectKey => By::Key,
            Shown::Recordings => By::Conversation,
            _ => return None,
        };
        let column = field.column;
        Some(Naming {
            personal,
            column,
            by,
        })
    };
    fields.iter().find_map(naming)
}

/// The keys of one table, each once.
fn keys(
    database: &Database,
    naming: Naming,
    user: UserId,
) -> BoxStream<'static, PortResult<ObjectKey>> {
    let Naming {
        personal, column, ..
    } = naming;
    let reading = Reading {
        personal,
        order: key_order(personal),
        user,
    };
    let select = columns([column]).distinct().to_owned();
    let parsed = move |row: QueryResult| async move {
        let keys = naming.keys_in(&row)?.into_iter().map(Ok);
        Ok(stream::iter(keys))
    };
    rows(database, reading, select)
        .and_then(parsed)
        .try_flatten()
        .boxed()
}

/// Such a table is in the order of its keys; a test sees to it.
fn key_order(personal: &'static Personal) -> &'static [Key] {
    match personal.export {
        Export::As { order, .. } => &order[..1],
        Export::No(_) => &[],
    }
}

fn key(text: &str) -> PortResult<ObjectKey> {
    text.parse()
        .map_err(|e| PortError::new(Fault::Corrupt, "read a stored object key", e))
}
