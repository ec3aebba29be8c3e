//! Fields as a server may send them: borrowed where possible, absent where senseless.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A string, borrowed from the frame unless it holds escapes. Anything else counts as absent.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Text<'a>(Option<Cow<'a, str>>);

impl Text<'_> {
    /// `None` when absent.
    pub(crate) fn as_str(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// `None` when absent or empty.
    pub(crate) fn filled(&self) -> Option<&str> {
        self.as_str().filter(|text| !text.is_empty())
    }

    /// Empty when absent.
    pub(crate) fn or_empty(&self) -> &str {
        self.as_str().unwrap_or_default()
    }
}

/// A whole number, fractions cut off. Anything else, negative numbers included, counts as absent.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub(crate) struct Whole(pub(crate) Option<u64>);

impl Whole {
    /// Zero when absent.
    pub(crate) fn or_zero(self) -> u64 {
        self.0.unwrap_or_default()
    }

    /// Zero when absent or too large.
    pub(crate) fn or_zero_u32(self) -> u32 {
        u32::try_from(self.or_zero()).unwrap_or_default()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor).map(Self)
    }
}

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WholeVisitor).map(Self)
    }
}

/// Visits of values that count as absent.
macro_rules! absent {
    ($($visit:ident($value:ty)),* $(,)?) => {
        $(fn $visit<E>(self, _: $value) -> Result<Self::Value, E> {
            Ok(None)
        })*

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            Ok(None)
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            Ok(None)
        }
    };
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Option<Cow<'de, str>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(text.to_owned())))
    }

    absent!(
        visit_bool(bool),
        visit_u64(u64),
        visit_i64(i64),
        visit_f64(f64)
    );
}

struct WholeVisitor;

impl<'de> Visitor<'de> for WholeVisitor {
    type Value = Option<u64>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Some(number))
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "fractions are cut on purpose; the cast saturates"
    )]
    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok((number >= 0.0).then_some(number as u64))
    }

    absent!(visit_bool(bool), visit_i64(i64), visit_str(&str));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn text(json: &str, expected: Option<&str>) {
        let text: Text<'_> = serde_json::from_str(json).unwrap();
        assert_eq!(text.as_str(), expected, "{json}");
    }

    #[track_caller]
    fn whole(json: &str, expected: Option<u64>) {
        let whole: Whole = serde_json::from_str(json).unwrap();
        assert_eq!(whole.0, expected, "{json}");
    }

    #[test]
    fn a_string_without_escapes_is_borrowed() {
        let plain: Text<'_> = serde_json::from_str(r#""abc""#).unwrap();
        assert!(matches!(plain.0, Some(Cow::Borrowed("abc"))));
        text(r#""a\/b""#, Some("a/b"));
    }

    #[test]
    fn what_is_no_string_is_absent() {
        for json in ["null", "true", "1", "-1", "1.5", "[1,[2]]", r#"{"a":{}}"#] {
            text(json, None);
        }
    }

    #[test]
    fn what_is_no_count_is_absent() {
        whole("7", Some(7));
        whole("7.9", Some(7));
        for json in ["null", "false", "-1", "-0.5", r#""7""#, "[]", "{}"] {
            whole(json, None);
        }
    }
}
