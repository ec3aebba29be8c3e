//! Ids, days and moments as text, in exactly the forms the document names.

use kernel::{Date, SessionId, Timestamp};
use utoipa::openapi::schema::{AnyOfBuilder, KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use crate::error::ErrorCode;

/// A UUID in its hyphenated form and in no other.
pub(crate) fn parse_id<Id: From<Uuid>>(text: &str) -> Option<Id> {
    let hyphenated = text.len() == uuid::fmt::Hyphenated::LENGTH;
    let id = hyphenated.then(|| Uuid::try_parse(text).ok())?;
    id.map(Id::from)
}

/// The schema of what [`optional_session`] takes.
pub(crate) struct SessionIdOrBlank;

impl PartialSchema for SessionIdOrBlank {
    fn schema() -> RefOr<Schema> {
        let text = || ObjectBuilder::new().schema_type(Type::String);
        AnyOfBuilder::new()
            .item(text().format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid))))
            .item(text().max_length(Some(0)))
            .description(Some("A session, or blank for none."))
            .into()
    }
}

impl ToSchema for SessionIdOrBlank {}

/// A session id, blank for none. What is no id names no session of anybody.
pub(crate) fn optional_session(text: Option<&str>) -> Result<Option<SessionId>, ErrorCode> {
    let given = text.filter(|text| !text.is_empty());
    let parse = |text| parse_id(text).ok_or(ErrorCode::SessionNotFound);
    given.map(parse).transpose()
}

/// `YYYY-MM-DD` from 0001-01-01 to 9999-12-31.
pub(crate) fn parse_date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let digits = |range: std::ops::Range<usize>| bytes[range].iter().all(u8::is_ascii_digit);
    let is_shaped = bytes.len() == 10
        && (bytes[4], bytes[7]) == (b'-', b'-')
        && digits(0..4)
        && digits(5..7)
        && digits(8..10)
        && !text.starts_with("0000");
    is_shaped.then(|| text.parse().ok())?
}

/// An RFC 3339 moment.
pub(super) fn parse_moment(text: &str) -> Option<Timestamp> {
    let moment = chrono::DateTime::parse_from_rfc3339(text).ok()?;
    Some(moment.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_form() {
        assert!(parse_id::<SessionId>("0197a1b2-0000-7000-8000-000000000001").is_some());
        for text in [
            "",
            "1",
            "0197a1b2000070008000000000000001",
            "{0197a1b2-0000-7000-8000-000000000001}",
            "0197a1b2-0000-7000-8000-00000000000g",
        ] {
            assert_eq!(parse_id::<SessionId>(text), None, "{text}");
        }
    }

    #[test]
    fn a_day_has_one_form() {
        assert!(parse_date("2026-02-28").is_some());
        for text in [
            "",
            "2026-02-30",
            "2026-2-3",
            "+2026-02-3",
            "0000-01-01",
            "2026-02-28T",
            "２026-02",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }
}
