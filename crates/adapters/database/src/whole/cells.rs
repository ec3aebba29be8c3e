//! Values of columns as JSON, the same for both databases.

use chrono::NaiveDate;
use kernel::{Fault, PortError, PortResult};
use sea_orm::QueryResult;
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::Value;
use serde_json::Value as Json;

use super::shape::unfit;
use crate::error::failed;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Id,
    Number,
    SmallNumber,
    Flag,
    Day,
    Text,
    Bytes,
}

const CONTEXT: &str = "read a column";

impl Kind {
    const ALL: [Self; 7] = [
        Self::Id,
        Self::Number,
        Self::SmallNumber,
        Self::Flag,
        Self::Day,
        Self::Text,
        Self::Bytes,
    ];

    /// Of a type as one of the databases names it.
    pub(super) fn of_type(name: &str) -> PortResult<Self> {
        let name = name.to_ascii_lowercase();
        let begins = |words: &[&str]| words.iter().any(|word| name.starts_with(word));
        Ok(match () {
            () if begins(&["uuid"]) => Self::Id,
            () if begins(&["bigint", "integer"]) => Self::Number,
            () if begins(&["smallint"]) => Self::SmallNumber,
            () if begins(&["bool"]) => Self::Flag,
            () if begins(&["date"]) => Self::Day,
            () if begins(&["text", "varchar", "character varying", "char"]) => Self::Text,
            () if begins(&["blob", "binary", "varbinary", "bytea"]) => Self::Bytes,
            () => {
                return Err(PortError::bare(
                    Fault::Refused,
                    "read a column of this type",
                ));
            }
        })
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Number => "number",
            Self::SmallNumber => "smallNumber",
            Self::Flag => "flag",
            Self::Day => "day",
            Self::Text => "text",
            Self::Bytes => "bytes",
        }
    }

    pub(super) fn named(name: &str) -> PortResult<Self> {
        let found = Self::ALL.into_iter().find(|kind| kind.name() == name);
        found.ok_or(unfit("read a column of an unknown kind"))
    }

    /// The value of a column of a row.
    pub(super) fn read(self, row: &QueryResult, column: &str) -> PortResult<Json> {
        Ok(match self {
            Self::Id => get::<Uuid>(row, column)?.map(|id| id.to_string()).into(),
            Self::Number => get::<i64>(row, column)?.into(),
            Self::SmallNumber => get::<i16>(row, column)?.into(),
            Self::Flag => get::<bool>(row, column)?.into(),
            Self::Day => get::<NaiveDate>(row, column)?
                .map(|day| day.to_string())
                .into(),
            Self::Text => get::<String>(row, column)?.into(),
            Self::Bytes => get::<Vec<u8>>(row, column)?.map(|bytes| hex(&bytes)).into(),
        })
    }

    /// The value that [`Self::read`] gave.
    pub(super) fn parse(self, json: Json) -> PortResult<Value> {
        let misfit = || unfit("read a value of an archive");
        let text = |json: Json| match json {
            Json::Null => Ok(None),
            Json::String(text) => Ok(Some(text)),
            _ => Err(misfit()),
        };
        let number = |json: &Json| match json {
            Json::Null => Ok(None),
            json => json.as_i64().map(Some).ok_or_else(misfit),
        };
        Ok(match self {
            Self::Id => {
                let id = text(json)?.map(|id| Uuid::parse_str(&id)).transpose();
                Value::Uuid(id.map_err(|_| misfit())?)
            }
            Self::Number => Value::BigInt(number(&json)?),
            Self::SmallNumber => {
                let small = number(&json)?.map(i16::try_from).transpose();
                Value::SmallInt(small.map_err(|_| misfit())?)
            }
            Self::Flag => match json {
                Json::Null => Value::Bool(None),
                Json::Bool(flag) => Value::Bool(Some(flag)),
                _ => return Err(misfit()),
            },
            Self::Day => {
                let day = text(json)?.map(|day| day.parse()).transpose();
                Value::ChronoDate(day.map_err(|_: chrono::ParseError| misfit())?)
            }
            Self::Text => Value::String(text(json)?),
            Self::Bytes => {
                let bytes = text(json)?.map(|hex| unhex(&hex).ok_or_else(misfit));
                Value::Bytes(bytes.transpose()?)
            }
        })
    }
}

fn get<T: sea_orm::TryGetable>(row: &QueryResult, column: &str) -> PortResult<Option<T>> {
    row.try_get("", column).map_err(failed(CONTEXT))
}

fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    let digit = |value: u8| char::from_digit(value.into(), 16).unwrap_or_default();
    digits.map(digit).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    pairs.map(byte).collect()
}
