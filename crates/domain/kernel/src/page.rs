//! Cursor-paged lists.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use crate::Timestamp;

/// Where a list goes on: after the item with this time and id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The last item's sort time.
    pub at: Timestamp,
    /// The last item's id, which orders items of the same time.
    pub id: Uuid,
}

/// The text is not a cursor this server gave out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a cursor from this server")]
pub struct InvalidCursor;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = self.at.timestamp_millis();
        let sign = if millis < 0 { "-" } else { "" };
        write!(f, "{sign}{:x}.{}", millis.unsigned_abs(), self.id.simple())
    }
}

impl FromStr for Cursor {
    type Err = InvalidCursor;

    fn from_str(text: &str) -> Result<Self, InvalidCursor> {
        let (millis, id) = text.split_once('.').ok_or(InvalidCursor)?;
        let millis = i64::from_str_radix(millis, 16).map_err(|_| InvalidCursor)?;
        let at = Timestamp::from_timestamp_millis(millis).ok_or(InvalidCursor)?;
        let id = Uuid::parse_str(id).map_err(|_| InvalidCursor)?;
        Ok(Self { at, id })
    }
}

/// Which part of a list is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    limit: u16,
    after: Option<Cursor>,
}

impl PageRequest {
    /// The most items a page can hold.
    pub const MAX_LIMIT: u16 = 200;

    /// At most `limit` items (held between 1 and [`Self::MAX_LIMIT`]) after the cursor.
    pub fn new(limit: u16, after: Option<Cursor>) -> Self {
        Self {
            limit: limit.clamp(1, Self::MAX_LIMIT),
            after,
        }
    }

    /// How many items at most.
    pub const fn limit(self) -> u16 {
        self.limit
    }

    /// Where to go on.
    pub const fn after(self) -> Option<Cursor> {
        self.after
    }
}

/// One part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// A page from up to `limit + 1` items read: the extra one only tells that there are more.
    pub fn from_overfull(mut items: Vec<T>, limit: u16, cursor: impl Fn(&T) -> Cursor) -> Self {
        let limit = usize::from(limit);
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more { items.last().map(cursor) } else { None };
        Self { items, next }
    }

    /// The same page with each item converted.
    pub fn map<U>(self, convert: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(convert).collect(),
            next: self.next,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_its_text_form_before_1970_too() {
        for millis in [1_763_719_200_123, 0, -1, -62_135_596_800_000] {
            let cursor = Cursor {
                at: Timestamp::from_timestamp_millis(millis).unwrap(),
                id: Uuid::from_u128(7),
            };
            assert_eq!(cursor.to_string().parse(), Ok(cursor));
        }
    }

    #[test]
    fn foreign_text_is_no_cursor() {
        for text in [
            "",
            ".",
            "zz.00000000000000000000000000000007",
            "7fffffffffffffff.0",
            "1.2",
        ] {
            assert_eq!(text.parse::<Cursor>(), Err(InvalidCursor), "{text}");
        }
    }
}
