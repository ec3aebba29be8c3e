//! A signing key and its name.

use hmac::{Hmac, Mac};
use jsonwebtoken::{DecodingKey, EncodingKey};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// Shorter than its hash, an HMAC key is weaker than the algorithm (RFC 7518 §3.2).
const MIN_BYTES: usize = 32;
const NAMED: &[u8] = b"smartsight access token key";

/// A secret, ready to sign and check.
pub(crate) struct Key {
    /// Goes into each token's header (`kid`); tells nothing about the secret.
    pub(crate) name: String,
    pub(crate) encoding: EncodingKey,
    pub(crate) decoding: DecodingKey,
}

impl Key {
    /// `None` for a secret of less than 32 bytes.
    pub(crate) fn new(secret: &SecretString) -> Option<Self> {
        let bytes = secret.expose_secret().as_bytes();
        if bytes.len() < MIN_BYTES {
            return None;
        }
        let name = Hmac::<Sha256>::new_from_slice(bytes).ok()?;
        let name = name.chain_update(NAMED).finalize().into_bytes();
        Some(Self {
            name: hex::encode(&name[..8]),
            encoding: EncodingKey::from_secret(bytes),
            decoding: DecodingKey::from_secret(bytes),
        })
    }
}
