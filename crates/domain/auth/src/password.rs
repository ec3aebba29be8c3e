//! Passwords as they are presented, chosen and kept.

use std::fmt;

use async_trait::async_trait;
use kernel::PortResult;
use secrecy::{ExposeSecret, SecretString};

/// The longest password in bytes; hashing something longer would only cost time.
const MAX_BYTES: usize = 1000;
const MIN_CHARS: usize = 8;

/// A password somebody presents. It does not show in debug output.
#[derive(Debug, Clone)]
pub struct Password(SecretString);

/// A password somebody chooses: at least 8 characters with an upper-case letter, a lower-case
/// letter, and a digit or symbol.
#[derive(Debug, Clone)]
pub struct NewPassword(Password);

/// Why a password cannot be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WeakPassword {
    /// Fewer than 8 characters.
    #[error("a password has at least 8 characters")]
    TooShort,
    /// More than 1,000 bytes.
    #[error("a password has at most 1,000 bytes")]
    TooLong,
    /// No upper-case letter.
    #[error("a password has an upper-case letter")]
    NoUpper,
    /// No lower-case letter.
    #[error("a password has a lower-case letter")]
    NoLower,
    /// Neither a digit nor a symbol.
    #[error("a password has a digit or a symbol")]
    NoDigitOrSymbol,
}

impl Password {
    /// The password, unless it is longer than 1,000 bytes: no account has such a one.
    pub fn try_new(text: String) -> Result<Self, WeakPassword> {
        if text.len() > MAX_BYTES {
            return Err(WeakPassword::TooLong);
        }
        Ok(Self(text.into()))
    }

    /// The text, for hashing.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl NewPassword {
    /// The password, if it is strong enough.
    pub fn try_new(text: String) -> Result<Self, WeakPassword> {
        let password = Password::try_new(text)?;
        check(password.expose())?;
        Ok(Self(password))
    }

    /// The password as it will be presented.
    pub const fn as_password(&self) -> &Password {
        &self.0
    }
}

fn check(text: &str) -> Result<(), WeakPassword> {
    let has = |wanted: fn(char) -> bool| text.chars().any(wanted);
    if text.chars().count() < MIN_CHARS {
        return Err(WeakPassword::TooShort);
    }
    if !has(char::is_uppercase) {
        return Err(WeakPassword::NoUpper);
    }
    if !has(char::is_lowercase) {
        return Err(WeakPassword::NoLower);
    }
    if !has(|c| !c.is_alphabetic() && !c.is_whitespace() && !c.is_control()) {
        return Err(WeakPassword::NoDigitOrSymbol);
    }
    Ok(())
}

/// A salted hash in the PHC string form, with the parameters it was made with.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// The PHC string.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for PasswordHash {
    fn from(phc: String) -> Self {
        Self(phc)
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// What comparing a password with a hash gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Another password.
    Wrong,
    /// The password, hashed as new ones are.
    Right,
    /// The password, hashed with parameters that are no longer used.
    RightButOutdated,
}

/// Hashes passwords slowly, away from the threads that answer requests. When too many wait,
/// [`kernel::Fault::Unavailable`].
#[async_trait]
pub trait PasswordHasher: Send + Sync {
    /// A hash with a fresh salt and today's parameters.
    async fn hash(&self, password: &Password) -> PortResult<PasswordHash>;

    /// Compares; the hash's own parameters are used.
    async fn verify(&self, password: &Password, hash: &PasswordHash) -> PortResult<Verdict>;

    /// A hash of nobody's password with today's parameters: compared with when there is no
    /// account, so that the answer takes as long.
    fn decoy(&self) -> &PasswordHash;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<WeakPassword>) {
        assert_eq!(NewPassword::try_new(text.to_owned()).err(), expected);
    }

    #[test]
    fn eight_characters_with_upper_lower_and_digit_or_symbol_will_do() {
        check("Abcdefg1", None);
        check("Abcdefg!", None);
        check("Größeres Maß?", None);
    }

    #[test]
    fn what_is_missing_is_named() {
        check("Abcde1!", Some(WeakPassword::TooShort));
        check("abcdefg1", Some(WeakPassword::NoUpper));
        check("ABCDEFG1", Some(WeakPassword::NoLower));
        check("Abcdefgh", Some(WeakPassword::NoDigitOrSymbol));
        check("Abcd efgh", Some(WeakPassword::NoDigitOrSymbol));
        check(&"Aa1".repeat(400), Some(WeakPassword::TooLong));
    }

    #[test]
    fn a_password_does_not_show() {
        let password = NewPassword::try_new("Secret-Words-1".to_owned()).unwrap();
        assert!(!format!("{password:?}").contains("Words"));
    }
}
