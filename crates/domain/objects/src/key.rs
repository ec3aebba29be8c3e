//! Object keys: `uploads/{user}/{yyyy}/{mm}/{dd}/{uuid}.{extension}`, `voice/{uuid}/{file}`.

use std::fmt;
use std::str::FromStr;

use chrono::Datelike;
use kernel::{Timestamp, UserId, VoiceSessionId};
use uuid::Uuid;

const UPLOADS: &str = "uploads";
const VOICE: &str = "voice";
const MAX_LENGTH: usize = 512;

/// The name of an object in the store: relative, of plain segments, at most 512 bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectKey(String);

/// The text is not an object key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an object key")]
pub struct InvalidKey;

impl ObjectKey {
    /// The key of an image uploaded by `user` at `at` (UTC day).
    pub fn upload(user: UserId, at: Timestamp, id: Uuid, extension: &str) -> Self {
        let (year, month, day) = (at.year(), at.month(), at.day());
        Self(format!(
            "{UPLOADS}/{user}/{year:04}/{month:02}/{day:02}/{id}.{extension}"
        ))
    }

    /// The key of a rendition made from this object: `….jpg` gives `….{name}.jpg`.
    #[must_use]
    pub fn rendition(&self, name: &str) -> Self {
        let stem = self
            .0
            .rsplit_once('.')
            .map_or(self.0.as_str(), |(stem, _)| stem);
        Self(format!("{stem}.{name}.jpg"))
    }

    /// The key of a file recorded in a conversation with the tutor: `voice/{id}/{file}`. `file` is
    /// a plain name. It names no owner: who asks for it goes through the conversation.
    pub fn recording(id: VoiceSessionId, file: &'static str) -> Self {
        Self(format!("{VOICE}/{id}/{file}"))
    }

    /// The user whose object this is, if the key says so.
    pub fn owner(&self) -> Option<UserId> {
        let mut parts = self.0.split('/');
        match (parts.next(), parts.next()) {
            (Some(UPLOADS), Some(user)) => user.parse().ok(),
            _ => None,
        }
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ObjectKey {
    type Err = InvalidKey;

    /// Accepts segments of `[A-Za-z0-9._-]` that do not begin with a dot.
    fn from_str(text: &str) -> Result<Self, InvalidKey> {
        let segment_ok = |segment: &str| {
            !segment.is_empty()
                && !segment.starts_with('.')
                && segment
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
        };
        let valid = text.len() <= MAX_LENGTH && text.split('/').all(segment_ok);
        if valid {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidKey)
        }
    }
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upload_key_names_its_owner_and_parses_back() {
        let user = UserId::from_name("ada");
        let at = Timestamp::from_timestamp_millis(1_763_719_200_000).unwrap();
        let key = ObjectKey::upload(user, at, Uuid::from_u128(1), "jpg");
        assert_eq!(key.owner(), Some(user));
        assert_eq!(key.as_str().parse(), Ok(key));
    }

    #[test]
    fn a_path_that_climbs_is_no_key() {
        for text in [
            "",
            "/",
            "a//b",
            "../a",
            "a/../b",
            "a/./b",
            "/etc/passwd",
            "a b",
            "a\\b",
            "a\0",
        ] {
            assert_eq!(text.parse::<ObjectKey>(), Err(InvalidKey), "{text:?}");
        }
    }
}
