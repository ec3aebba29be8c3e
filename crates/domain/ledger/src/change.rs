//! What can change, as stored: each payload has a name and a version.

use kernel::{BookmarkId, HelpRequestId, LearningEventId, SegmentId, SessionId, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::job::{JobAccepted, JobEnded};
use crate::voice::{VoiceEnded, VoiceStarted, VoiceTurn};

/// A session began.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionStarted {
    /// The session.
    pub session_id: SessionId,
    /// When.
    pub started_at: Timestamp,
}

/// A session ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionEnded {
    /// The session.
    pub session_id: SessionId,
    /// When; the open span closes here.
    pub ended_at: Timestamp,
}

/// An image was analyzed: everything the timeline fold needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LearningEventRecorded {
    /// The learning event.
    pub learning_event_id: LearningEventId,
    /// Its session.
    pub session_id: SessionId,
    /// When the picture was taken (see the tracking rules).
    pub captured_at: Timestamp,
    /// Canonical topic.
    pub topic: String,
    /// Finer label within the topic, as vision gave it.
    pub subtopic: Option<String>,
    /// Whether the student works on it actively.
    pub is_active: bool,
    /// Whether the student's attention is elsewhere.
    pub is_distracted: bool,
}

/// A learning event was bookmarked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BookmarkAdded {
    /// The bookmark.
    pub bookmark_id: BookmarkId,
    /// What it marks.
    pub learning_event_id: LearningEventId,
    /// The student's words.
    pub note: Option<String>,
}

/// A bookmark's note changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BookmarkEdited {
    /// The bookmark.
    pub bookmark_id: BookmarkId,
    /// The new words.
    pub note: Option<String>,
}

/// A bookmark was removed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BookmarkRemoved {
    /// The bookmark.
    pub bookmark_id: BookmarkId,
}

/// The student asked for help once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HelpCounted {
    /// This request.
    pub help_request_id: HelpRequestId,
    /// The session it happened in.
    pub session_id: Option<SessionId>,
    /// Canonical topic.
    pub topic: String,
}

/// The user changed what they tell about themselves. What is missing stayed as it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProfileChanged {
    /// How they want to be called from now on; null when they took the name away.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "given"
    )]
    pub name: Option<Option<String>>,
    /// IANA name of the time zone of their days from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
}

/// A segment was kept, in place of the one before where there was one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SegmentStored {
    /// The segment.
    pub segment_id: SegmentId,
    /// The client's name for the sitting.
    pub session: Option<String>,
    /// Which image it belongs to.
    pub image_index: u32,
    /// How much sound it holds; null when it holds none.
    pub audio_bytes: Option<u64>,
}

/// Tells null, which is `Some(None)`, from missing.
#[expect(
    clippy::option_option,
    reason = "null and missing differ in the payload"
)]
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    value: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(value).map(Some)
}

/// The stored payload's name, version or shape is not one this build knows.
#[derive(Debug, thiserror::Error)]
#[error("unreadable ledger payload {name} version {version}")]
pub struct UnreadablePayload {
    name: String,
    version: i16,
    #[source]
    cause: Option<serde_json::Error>,
}

macro_rules! changes {
    ($($(#[$doc:meta])* $variant:ident($payload:ty) = $name:literal, $version:literal;)+) => {
        /// One accepted change.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Change {
            $($(#[$doc])* $variant($payload),)+
        }

        impl Change {
            /// The stored name, such as `session.started`.
            pub const fn name(&self) -> &'static str {
                match self { $(Self::$variant(_) => $name,)+ }
            }

            /// The version of the payload's shape.
            pub const fn version(&self) -> i16 {
                match self { $(Self::$variant(_) => $version,)+ }
            }

            /// The payload as stored.
            ///
            /// # Errors
            /// Never for the payloads defined here; the type says so because serde cannot.
            pub fn payload(&self) -> Result<Value, serde_json::Error> {
                match self { $(Self::$variant(payload) => serde_json::to_value(payload),)+ }
            }

            /// The change of a stored name, version and payload.
            ///
            /// # Errors
            /// [`UnreadablePayload`] for a name, version or shape this build does not know.
            pub fn read(name: &str, version: i16, payload: Value) -> Result<Self, UnreadablePayload> {
                match (name, version) {
                    $(($name, $version) => parse(name, version, payload).map(Self::$variant),)+
                    _ => Err(UnreadablePayload { name: name.to_owned(), version, cause: None }),
                }
            }
        }
    };
}

changes! {
    /// A session began.
    SessionStarted(SessionStarted) = "session.started", 1;
    /// A session ended.
    SessionEnded(SessionEnded) = "session.ended", 1;
    /// An image was analyzed.
    LearningEventRecorded(LearningEventRecorded) = "learning_event.recorded", 1;
    /// A learning event was bookmarked.
    BookmarkAdded(BookmarkAdded) = "bookmark.added", 1;
    /// A bookmark's note changed.
    BookmarkEdited(BookmarkEdited) = "bookmark.edited", 1;
    /// A bookmark was removed.
    BookmarkRemoved(BookmarkRemoved) = "bookmark.removed", 1;
    /// The student asked for help.
    HelpCounted(HelpCounted) = "help.counted", 1;
    /// The user changed name or time zone.
    ProfileChanged(ProfileChanged) = "profile.changed", 1;
    /// A segment was kept.
    SegmentStored(SegmentStored) = "segment.stored", 1;
    /// A conversation with the tutor began.
    VoiceStarted(VoiceStarted) = "voice.started", 1;
    /// Somebody said something in it.
    VoiceTurn(VoiceTurn) = "voice.turn", 1;
    /// It ended.
    VoiceEnded(VoiceEnded) = "voice.ended", 1;
    /// A job was accepted.
    JobAccepted(JobAccepted) = "job.accepted", 1;
    /// A job is done, or has failed for good.
    JobEnded(JobEnded) = "job.ended", 1;
}

fn parse<T: DeserializeOwned>(
    name: &str,
    version: i16,
    payload: Value,
) -> Result<T, UnreadablePayload> {
    serde_json::from_value(payload).map_err(|cause| UnreadablePayload {
        name: name.to_owned(),
        version,
        cause: Some(cause),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One stored fixture per name and version; an old one must stay readable for ever.
    const FIXTURES: &[(&str, i16, &str)] = &[
        (
            "session.started",
            1,
            r#"{"sessionId":"00000000-0000-0000-0000-000000000001","startedAt":"2026-03-01T10:00:00.250Z"}"#,
        ),
        (
            "session.ended",
            1,
            r#"{"sessionId":"00000000-0000-0000-0000-000000000001","endedAt":"2026-03-01T11:00:00Z"}"#,
        ),
        (
            "learning_event.recorded",
            1,
            r#"{"learningEventId":"00000000-0000-0000-0000-000000000002","sessionId":"00000000-0000-0000-0000-000000000001","capturedAt":"2026-03-01T10:00:03Z","topic":"Bio","subtopic":"Photosynthesis","isActive":true,"isDistracted":false}"#,
        ),
        (
            "bookmark.added",
            1,
            r#"{"bookmarkId":"00000000-0000-0000-0000-000000000003","learningEventId":"00000000-0000-0000-0000-000000000002","note":null}"#,
        ),
        (
            "bookmark.edited",
            1,
            r#"{"bookmarkId":"00000000-0000-0000-0000-000000000003","note":"exam"}"#,
        ),
        (
            "bookmark.removed",
            1,
            r#"{"bookmarkId":"00000000-0000-0000-0000-000000000003"}"#,
        ),
        (
            "help.counted",
            1,
            r#"{"helpRequestId":"00000000-0000-0000-0000-000000000004","sessionId":null,"topic":"Math"}"#,
        ),
        (
            "profile.changed",
            1,
            r#"{"name":"Ada","timeZone":"Europe/Berlin"}"#,
        ),
        ("profile.changed", 1, r#"{"name":null}"#),
        ("profile.changed", 1, r#"{"timeZone":"Asia/Seoul"}"#),
        (
            "segment.stored",
            1,
            r#"{"segmentId":"00000000-0000-0000-0000-000000000006","session":"sess_1","imageIndex":2,"audioBytes":null}"#,
        ),
        (
            "voice.started",
            1,
            r#"{"voiceSessionId":"00000000-0000-0000-0000-000000000005","sessionId":"00000000-0000-0000-0000-000000000001","startedAt":"2026-03-01T10:00:00Z"}"#,
        ),
        (
            "voice.turn",
            1,
            r#"{"voiceSessionId":"00000000-0000-0000-0000-000000000005","index":3,"role":"assistant","at":"2026-03-01T10:00:04.500Z","heardMs":1200}"#,
        ),
        (
            "voice.ended",
            1,
            r#"{"voiceSessionId":"00000000-0000-0000-0000-000000000005","endedAt":"2026-03-01T10:20:00Z","reason":"client"}"#,
        ),
        (
            "job.accepted",
            1,
            r#"{"jobId":"00000000-0000-0000-0000-000000000006","kind":"analyze"}"#,
        ),
        (
            "job.ended",
            1,
            r#"{"jobId":"00000000-0000-0000-0000-000000000006","kind":"analyze","failure":null}"#,
        ),
    ];

    #[test]
    fn every_stored_payload_reads_back_to_the_same_json() {
        for (name, version, text) in FIXTURES {
            let stored: Value = serde_json::from_str(text).unwrap();
            let change = Change::read(name, *version, stored.clone()).unwrap();
            assert_eq!((change.name(), change.version()), (*name, *version));
            assert_eq!(change.payload().unwrap(), stored);
        }
    }

    #[test]
    fn an_unknown_version_is_an_error_and_not_a_guess() {
        assert!(Change::read("session.started", 2, Value::Null).is_err());
    }
}
