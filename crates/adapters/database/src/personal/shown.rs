//! A row as a JSON object.

use kernel::{Fault, PortError, PortResult, UserId};
use objects::ObjectKey;
use sea_orm::QueryResult;
use sea_orm::TryGetable;
use sea_orm::prelude::{Date, Uuid};
use sea_orm::sea_query;
use serde_json::{Map, Value};
use voice::Track;

use super::declared::{Field, Key, Shown};
use crate::convert::moment;
use crate::error::failed;

const READ: &str = "read a row to hand out";

/// The object that is handed out.
pub(super) fn object(
    row: &QueryResult,
    fields: &[Field],
    user: UserId,
) -> PortResult<Map<String, Value>> {
    let mut object = Map::new();
    for field in fields {
        if !matches!(field.shown, Shown::Hidden(_)) {
            put(&mut object, field.name, value(row, *field, user)?);
        }
    }
    Ok(object)
}

/// Where the rows after this one begin.
pub(super) fn place(row: &QueryResult, order: &[Key]) -> PortResult<Vec<sea_query::Value>> {
    let of = |key: &Key| match *key {
        Key::Id(column) => get::<Uuid>(row, column).map(Into::into),
        Key::Text(column) => get::<String>(row, column).map(Into::into),
        Key::Day(column) => get::<Date>(row, column).map(Into::into),
        Key::Number(column) => get::<i64>(row, column).map(Into::into),
    };
    order.iter().map(of).collect()
}

fn put(object: &mut Map<String, Value>, name: &str, value: Value) {
    let Some((outer, inner)) = name.split_once('.') else {
        object.insert(name.to_owned(), value);
        return;
    };
    let within = object.entry(outer).or_insert_with(|| Map::new().into());
    if let Some(within) = within.as_object_mut() {
        put(within, inner, value);
    }
}

fn value(row: &QueryResult, field: Field, user: UserId) -> PortResult<Value> {
    let column = field.column;
    match field.shown {
        Shown::Id => shown(row, column, |id: Uuid| id.to_string()),
        Shown::Text => shown(row, column, |text: String| text),
        Shown::ObjectKey => shown(row, column, |key: String| {
            Some(key).filter(|key| !key.is_empty())
        }),
        Shown::Recordings => {
            let keys = |id| recordings_of(id).map(|key| key.to_string());
            shown(row, column, |id| keys(id).to_vec())
        }
        Shown::Day => shown(row, column, |day: Date| day.to_string()),
        Shown::Number => shown(row, column, |number: i64| number),
        Shown::SmallNumber => shown(row, column, |number: i16| number),
        Shown::Flag => shown(row, column, |flag: bool| flag),
        Shown::Seconds => shown(row, column, |millis: i64| millis / 1000),
        Shown::Time => time(row, column),
        Shown::Json => json(row, column),
        Shown::Presence => Ok(get::<Option<String>>(row, column)?.is_some().into()),
        Shown::Status => Ok(status(get(row, column)?).into()),
        Shown::OwnText(whose) => {
            let whose = get::<Option<Uuid>>(row, whose)?;
            if whose.is_none_or(|whose| whose == user.uuid()) {
                shown(row, column, |text: String| text)
            } else {
                Ok(Value::Null)
            }
        }
        Shown::Hidden(_) => Ok(Value::Null),
    }
}

/// The keys of both directions; a direction without sound has no object.
pub(super) fn recordings_of(id: Uuid) -> [ObjectKey; 2] {
    Track::ALL.map(|track| track.key(id.into()))
}

fn shown<T: TryGetable, V: Into<Value>>(
    row: &QueryResult,
    column: &str,
    show: impl FnOnce(T) -> V,
) -> PortResult<Value> {
    let value = get::<Option<T>>(row, column)?;
    Ok(value.map_or(Value::Null, |value| show(value).into()))
}

fn time(row: &QueryResult, column: &str) -> PortResult<Value> {
    let Some(millis) = get::<Option<i64>>(row, column)? else {
        return Ok(Value::Null);
    };
    serde_json::to_value(moment(millis)?).map_err(corrupt)
}

fn json(row: &QueryResult, column: &str) -> PortResult<Value> {
    match get::<Option<String>>(row, column)? {
        Some(text) => serde_json::from_str(&text).map_err(corrupt),
        None => Ok(Value::Null),
    }
}

const fn status(ended_at: Option<i64>) -> &'static str {
    match ended_at {
        None => "active",
        Some(_) => "ended",
    }
}

pub(super) fn get<T: TryGetable>(row: &QueryResult, column: &str) -> PortResult<T> {
    row.try_get("", column).map_err(failed(READ))
}

fn corrupt(cause: serde_json::Error) -> PortError {
    PortError::new(Fault::Corrupt, READ, cause)
}
