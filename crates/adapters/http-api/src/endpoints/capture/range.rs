//! Which part of an object is wanted (RFC 9110, section 14).

use std::ops::RangeInclusive;

use http::{HeaderMap, header};

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All of it.
    Whole,
    /// These bytes, first and last.
    Part(RangeInclusive<u64>),
    /// Nothing: the part lies behind the end.
    Nothing,
}

/// What the headers ask for, of an object of this size. Several parts at once, a unit that is not
/// known and a condition are answered with the whole.
pub(super) fn wanted(headers: &HeaderMap, size: u64) -> Wanted {
    let text = headers
        .get(header::RANGE)
        .and_then(|value| value.to_str().ok());
    let is_conditional = headers.contains_key(header::IF_RANGE);
    match text.filter(|_| !is_conditional) {
        Some(text) => part(text, size).unwrap_or(Wanted::Whole),
        None => Wanted::Whole,
    }
}

fn part(text: &str, size: u64) -> Option<Wanted> {
    let (first, last) = text.strip_prefix("bytes=")?.trim().split_once('-')?;
    let end = size.checked_sub(1);
    let range = match (number(first), number(last), last.is_empty()) {
        (Some(first), Some(last), _) if first <= last => Some((first, last)),
        (Some(first), None, true) => Some((first, u64::MAX)),
        // The last so many bytes.
        (None, Some(length), _) if first.is_empty() && length > 0 => {
            Some((size.saturating_sub(length), u64::MAX))
        }
        (None, Some(0), _) if first.is_empty() => return Some(Wanted::Nothing),
        _ => None,
    };
    let (first, last) = range?;
    match end {
        Some(end) if first <= end => Some(Wanted::Part(first..=last.min(end))),
        _ => Some(Wanted::Nothing),
    }
}

fn number(text: &str) -> Option<u64> {
    let is_plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, size: u64, expected: &Wanted) {
        let headers = HeaderMap::from_iter([(header::RANGE, text.parse().unwrap())]);
        assert_eq!(&wanted(&headers, size), expected, "{text} of {size}");
    }

    #[test]
    fn one_part_is_answered_and_anything_else_with_the_whole() {
        check("bytes=0-0", 10, &Wanted::Part(0..=0));
        check("bytes=2-", 10, &Wanted::Part(2..=9));
        check("bytes=2-99", 10, &Wanted::Part(2..=9));
        check("bytes=-3", 10, &Wanted::Part(7..=9));
        check("bytes=-99", 10, &Wanted::Part(0..=9));
        for text in [
            "bytes=5-2",
            "bytes=0-1,4-5",
            "lines=1-2",
            "bytes=",
            "bytes=-",
            "bytes=a-b",
        ] {
            check(text, 10, &Wanted::Whole);
        }
    }

    #[test]
    fn behind_the_end_there_is_nothing() {
        check("bytes=10-", 10, &Wanted::Nothing);
        check("bytes=-0", 10, &Wanted::Nothing);
        check("bytes=0-", 0, &Wanted::Nothing);
    }
}
