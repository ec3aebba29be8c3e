//! Typed ids: one type per kind of thing, all UUIDs in hyphenated lower case.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::Timestamp;

macro_rules! typed_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// The id as a plain UUID.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

typed_id!(
    /// A person who studies.
    UserId
);
typed_id!(
    /// One sitting of study.
    SessionId
);
typed_id!(
    /// One analyzed image in a session; the API's `analysisId`.
    LearningEventId
);
typed_id!(
    /// A learning event somebody wants to find again.
    BookmarkId
);
typed_id!(
    /// One request for help.
    HelpRequestId
);
typed_id!(
    /// One answer that a provider of models bills.
    ChargeId
);
typed_id!(
    /// One entry of a user's ledger.
    EntryId
);
typed_id!(
    /// The refresh tokens that follow from one sign-in; a signed-in device.
    FamilyId
);
typed_id!(
    /// One access token, its `jti`.
    TokenId
);
typed_id!(
    /// One line of the security audit.
    AuditId
);

typed_id!(
    /// One conversation with the voice tutor.
    VoiceSessionId
);

typed_id!(
    /// The sound recorded for one image.
    SegmentId
);
typed_id!(
    /// One durable job.
    JobId
);

impl UserId {
    /// The user that a plain name stands for in open mode: a UUID stays itself, any other name
    /// gives the same version 8 UUID each time (RFC 9562 §5.8, SHA-256 of the name).
    pub fn from_name(name: &str) -> Self {
        name.parse().unwrap_or_else(|_| {
            let digest = Sha256::new_with_prefix(b"smartsight user:")
                .chain_update(name)
                .finalize();
            let mut bytes = [0; 16];
            bytes.copy_from_slice(&digest[..16]);
            Self(uuid::Builder::from_custom_bytes(bytes).into_uuid())
        })
    }
}

impl UserId {
    /// A name for the student that tells an outside provider nothing: 32 hexadecimal digits,
    /// always the same ones.
    pub fn pseudonym(self) -> String {
        let digest = Sha256::new_with_prefix(b"smartsight student:")
            .chain_update(self.0)
            .finalize();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        Uuid::from_bytes(bytes).simple().to_string()
    }
}

/// A source of chance, ten bytes at a time.
pub trait RandomBits: Send + Sync {
    /// Ten unpredictable bytes.
    fn ten_bytes(&self) -> [u8; 10];
}

/// Makes time-ordered ids (`UUIDv7`) from a given time and a source of chance.
pub trait Ids: Send + Sync {
    /// A new `UUIDv7` whose time part is `at`.
    fn next(&self, at: Timestamp) -> Uuid;
}

impl<R: RandomBits + ?Sized> Ids for R {
    fn next(&self, at: Timestamp) -> Uuid {
        let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &self.ten_bytes()).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_always_gives_the_same_user_and_a_uuid_stays_itself() {
        let id = "0197a1b2-0000-7000-8000-000000000001";
        assert_eq!(UserId::from_name("ada"), UserId::from_name("ada"));
        assert_ne!(UserId::from_name("ada"), UserId::from_name("bob"));
        assert_eq!(UserId::from_name(id).to_string(), id);
    }
}
