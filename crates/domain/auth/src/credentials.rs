//! How an account's owner signs in.

use std::fmt;
use std::str::FromStr;

use crate::PasswordHash;

const MAX_SUBJECT_BYTES: usize = 255;

/// What Google calls a person for good (`sub`): 1 to 255 visible ASCII characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct GoogleSubject(String);

/// The text is no Google subject.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a Google subject")]
pub struct InvalidSubject;

impl GoogleSubject {
    /// The subject as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for GoogleSubject {
    type Err = InvalidSubject;

    fn from_str(text: &str) -> Result<Self, InvalidSubject> {
        let visible = text.bytes().all(|b| b.is_ascii_graphic());
        if visible && (1..=MAX_SUBJECT_BYTES).contains(&text.len()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidSubject)
        }
    }
}

impl fmt::Display for GoogleSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A password, a Google identity, or both; never neither.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credentials {
    /// A password only.
    Password(PasswordHash),
    /// A Google identity only.
    Google(GoogleSubject),
    /// Either will do.
    Both(PasswordHash, GoogleSubject),
}

impl Credentials {
    /// From two stored columns; `None` when both are empty.
    pub fn from_parts(
        password: Option<PasswordHash>,
        google: Option<GoogleSubject>,
    ) -> Option<Self> {
        match (password, google) {
            (Some(password), Some(google)) => Some(Self::Both(password, google)),
            (Some(password), None) => Some(Self::Password(password)),
            (None, Some(google)) => Some(Self::Google(google)),
            (None, None) => None,
        }
    }

    /// The password's hash.
    pub const fn password(&self) -> Option<&PasswordHash> {
        match self {
            Self::Password(hash) | Self::Both(hash, _) => Some(hash),
            Self::Google(_) => None,
        }
    }

    /// The Google identity.
    pub const fn google(&self) -> Option<&GoogleSubject> {
        match self {
            Self::Google(subject) | Self::Both(_, subject) => Some(subject),
            Self::Password(_) => None,
        }
    }

    pub(crate) fn with_password(&self, hash: PasswordHash) -> Self {
        match self.google().cloned() {
            Some(subject) => Self::Both(hash, subject),
            None => Self::Password(hash),
        }
    }

    pub(crate) fn with_google(&self, subject: GoogleSubject) -> Self {
        match self.password().cloned() {
            Some(hash) => Self::Both(hash, subject),
            None => Self::Google(subject),
        }
    }
}
