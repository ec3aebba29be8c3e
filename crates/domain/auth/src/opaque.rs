//! Secrets handed out once: refresh tokens and what is sent by mail.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::PortResult;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// A source of secrets.
pub trait SecretBytes: Send + Sync {
    /// 48 unpredictable bytes.
    fn draw(&self) -> PortResult<[u8; 48]>;
}

/// 48 random bytes as 64 characters of base64url. Only its [`TokenHash`] is ever stored; it does
/// not show in debug output.
#[derive(Debug, Clone)]
pub struct OpaqueToken(SecretString);

/// SHA-256 of an [`OpaqueToken`]'s text. The token has 384 bits of chance, so no salt and no slow
/// hash are needed.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash([u8; 32]);

impl OpaqueToken {
    /// A new token.
    pub fn draw(secrets: &dyn SecretBytes) -> PortResult<Self> {
        Ok(Self(URL_SAFE_NO_PAD.encode(secrets.draw()?).into()))
    }

    /// A token somebody presents; `None` for text that cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; 48];
        let length = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()?;
        (length == bytes.len()).then(|| Self(text.into()))
    }

    /// What is stored of it.
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.expose()).into())
    }

    /// The text, for the one it is for.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl TokenHash {
    /// The 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<[u8; 32]> for TokenHash {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenHash({}…)", hex::encode(&self.0[..4]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting;

    impl SecretBytes for Counting {
        fn draw(&self) -> PortResult<[u8; 48]> {
            Ok(std::array::from_fn(|i| u8::try_from(i).unwrap()))
        }
    }

    #[test]
    fn a_presented_token_has_the_hash_of_the_drawn_one() {
        let token = OpaqueToken::draw(&Counting).unwrap();
        assert_eq!(token.expose().len(), 64);
        let presented = OpaqueToken::parse(token.expose()).unwrap();
        assert_eq!(presented.hash(), token.hash());
        assert!(!format!("{token:?}").contains(token.expose()));
    }

    #[test]
    fn text_of_another_form_is_no_token() {
        for text in ["", "abc", &"a".repeat(63), &"a".repeat(65), &"+".repeat(64)] {
            assert!(OpaqueToken::parse(text).is_none(), "{text}");
        }
        assert!(OpaqueToken::parse(&"a".repeat(68)).is_none());
    }
}
