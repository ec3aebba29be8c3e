//! Checksums of objects.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// The SHA-256 of an object's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sha256Digest([u8; 32]);

/// The text is no SHA-256.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a SHA-256: 64 hexadecimal digits, or Base64 of 32 bytes")]
pub struct InvalidDigest;

impl Sha256Digest {
    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// As S3's header `x-amz-checksum-sha256` has it.
    pub fn base64(&self) -> String {
        STANDARD.encode(self.0)
    }
}

impl From<[u8; 32]> for Sha256Digest {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl FromStr for Sha256Digest {
    type Err = InvalidDigest;

    /// Hexadecimal, as `sha256sum` prints it, or Base64, as S3 has it.
    fn from_str(text: &str) -> Result<Self, InvalidDigest> {
        let bytes = match text.len() {
            64 => hex::decode(text).map_err(|_| InvalidDigest)?,
            _ => STANDARD.decode(text).map_err(|_| InvalidDigest)?,
        };
        bytes.try_into().map(Self).map_err(|_| InvalidDigest)
    }
}

/// In hexadecimal.
impl fmt::Display for Sha256Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_read_in_both_its_forms_and_in_no_other() {
        let digest = Sha256Digest::of(b"page");
        assert_eq!(digest.to_string().parse(), Ok(digest));
        assert_eq!(digest.base64().parse(), Ok(digest));
        for text in ["", "00", "zz", &"g".repeat(64), &digest.base64()[..40]] {
            assert_eq!(text.parse::<Sha256Digest>(), Err(InvalidDigest), "{text}");
        }
    }
}
