//! Object keys: `uploads/{user}/{yyyy}/{mm}/{dd}/{uuid}.{extension}`, the same below `segments`,
//! `voice/{uuid}/{file}`.

use std::fmt;
use std::str::FromStr;

use chrono::Datelike;
use kernel::{Timestamp, UserId, VoiceSessionId};
use uuid::Uuid;

const UPLOADS: &str = "uploads";
const SEGMENTS: &str = "segments";
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
        Self::dated(UPLOADS, user, at, &format!("{id}.{extension}"))
    }

    /// The key of sound that `user` recorded for an image, received at `at` (UTC day).
    pub fn segment(user: UserId, at: Timestamp, id: Uuid, extension: &str) -> Self {
        Self::dated(SEGMENTS, user, at, &format!("{id}.{extension}"))
    }

    fn dated(root: &str, user: UserId, at: Timestamp, name: &str) -> Self {
        let (year, month, day) = (at.year(), at.month(), at.day());
        Self(format!(
            "{root}/{user}/{year:04}/{month:02}/{day:02}/{name}"
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

    /// The key of the file as it came, where this object is shown in its place: `….jpg` gives
    /// `….original.jpg`.
    #[must_use]
    pub fn original(&self) -> Self {
        match self.0.rsplit_once('.') {
            Some((stem, extension)) => Self(format!("{stem}.original.{extension}")),
            None => Self(format!("{}.original", self.0)),
        }
    }

    /// The key of a file recorded in a conversation with the tutor: `voice/{id}/{file}`. `file` is
    /// a plain name. It names no owner: who asks for it goes through the conversation.
    pub fn recording(id: VoiceSessionId, file: &'static str) -> Self {
        Self(format!("{VOICE}/{id}/{file}"))
    }

    /// The conversation in which this file was recorded, if it was in one.
    pub fn conversation(&self) -> Option<VoiceSessionId> {
        let mut parts = self.0.split('/');
        match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(VOICE), Some(id), Some(_), None) => id.parse().ok(),
            _ => None,
        }
    }

    /// The user whose object this is, if the key says so.
    pub fn owner(&self) -> Option<UserId> {
        let mut parts = self.0.split('/');
        match (parts.next(), parts.next()) {
            (Some(UPLOADS | SEGMENTS), Some(user)) => user.parse().ok(),
            _ => None,
        }
    }

    /// Whether it is sound that was recorded for an image.
    pub fn is_segment(&self) -> bool {
        self.0.split('/').next() == Some(SEGMENTS)
    }

    /// When its user uploaded it, which the id in an upload's name says; to the millisecond.
    pub fn made_at(&self) -> Option<Timestamp> {
        let (_, name) = self.0.rsplit_once('/')?;
        let id = name.split('.').next().unwrap_or(name);
        let (seconds, nanos) = Uuid::parse_str(id).ok()?.get_timestamp()?.to_unix();
        Timestamp::from_timestamp(i64::try_from(seconds).ok()?, nanos)
    }

    /// The key as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What the keys of some objects begin with: whole segments, each with its slash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPrefix(String);

impl KeyPrefix {
    /// Everything a user has uploaded, and what was made from it.
    pub fn uploads_of(user: UserId) -> Self {
        Self(format!("{UPLOADS}/{user}/"))
    }

    /// The sound a user has recorded for images.
    pub fn segments_of(user: UserId) -> Self {
        Self(format!("{SEGMENTS}/{user}/"))
    }

    /// Everything whose owner a key tells to be this user.
    pub fn of(user: UserId) -> [Self; 2] {
        [Self::uploads_of(user), Self::segments_of(user)]
    }

    /// Everything there is.
    pub fn roots() -> [Self; 3] {
        [UPLOADS, SEGMENTS, VOICE].map(|root| Self(format!("{root}/")))
    }

    /// Whether the key begins with it.
    pub fn holds(&self, key: &ObjectKey) -> bool {
        key.as_str().starts_with(&self.0)
    }

    /// The prefix as text; it ends with a slash.
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
        assert!(KeyPrefix::uploads_of(user).holds(&key));
        assert!(!KeyPrefix::uploads_of(UserId::from_name("adam")).holds(&key));
        assert_eq!(key.as_str().parse(), Ok(key));
    }

    #[test]
    fn an_upload_and_what_is_made_of_it_tell_when_it_came() {
        let at = Timestamp::from_timestamp_millis(1_763_719_200_123).unwrap();
        let id = uuid::Builder::from_unix_timestamp_millis(1_763_719_200_123, &[7; 10]);
        let key = ObjectKey::upload(UserId::from_name("ada"), at, id.into_uuid(), "jpg");
        assert_eq!(key.made_at(), Some(at));
        assert_eq!(key.rendition("view").made_at(), Some(at));
        assert_eq!("a/b.jpg".parse::<ObjectKey>().unwrap().made_at(), None);
    }

    #[test]
    fn a_segment_tells_its_owner_and_lies_apart_from_images() {
        let (user, at) = (UserId::from_name("ada"), Timestamp::default());
        let key = ObjectKey::segment(user, at, Uuid::from_u128(1), "m4a");
        assert_eq!((key.owner(), key.is_segment()), (Some(user), true));
        let holding = KeyPrefix::of(user).map(|prefix| prefix.holds(&key));
        assert_eq!(holding, [false, true]);
    }

    #[test]
    fn a_recording_tells_its_conversation_and_no_owner() {
        let id = Uuid::from_u128(5).into();
        let key = ObjectKey::recording(id, "input.wav");
        assert_eq!((key.conversation(), key.owner()), (Some(id), None));
        let upload = ObjectKey::upload(
            UserId::from_name("ada"),
            Timestamp::default(),
            id.uuid(),
            "jpg",
        );
        assert_eq!(upload.conversation(), None);
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
