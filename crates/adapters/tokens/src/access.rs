//! Access tokens: JWT, HS256 and nothing else.

use auth::{AccessClaims, AccessTokenError, AccessTokens};
use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header, encode};
use kernel::{Fault, PortError, PortResult, Timestamp};
use secrecy::SecretString;

use crate::claims::Claims;
use crate::key::Key;

const ALGORITHM: Algorithm = Algorithm::HS256;
/// Clocks of other replicas may be behind by this much at the end of a token's life …
const EXPIRY_LEEWAY: TimeDelta = TimeDelta::seconds(5);
/// … and before ours at its beginning by this much.
const ISSUE_LEEWAY: TimeDelta = TimeDelta::seconds(60);

/// What tokens are signed with and say of themselves.
#[derive(Debug, Clone)]
pub struct TokenSettings {
    /// Signs; at least 32 bytes.
    pub secret: SecretString,
    /// Signed before the last change of secrets; its tokens are still taken. At least 32 bytes.
    pub previous: Option<SecretString>,
    /// `iss`.
    pub issuer: String,
    /// `aud`.
    pub audience: String,
}

/// The settings cannot work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTokenSettings {
    /// The secret is too short.
    #[error("the secret has fewer than 32 bytes")]
    ShortSecret,
    /// The previous secret is too short.
    #[error("the previous secret has fewer than 32 bytes")]
    ShortPreviousSecret,
}

/// Signs and checks access tokens.
pub struct HmacAccessTokens {
    current: Key,
    previous: Option<Key>,
    issuer: String,
    audience: String,
    validation: Validation,
}

impl HmacAccessTokens {
    /// Checks the settings.
    pub fn new(settings: TokenSettings) -> Result<Self, InvalidTokenSettings> {
        let TokenSettings {
            secret,
            previous,
            issuer,
            audience,
        } = settings;
        let previous_key =
            |secret| Key::new(secret).ok_or(InvalidTokenSettings::ShortPreviousSecret);
        Ok(Self {
            current: Key::new(&secret).ok_or(InvalidTokenSettings::ShortSecret)?,
            previous: previous.as_ref().map(previous_key).transpose()?,
            validation: validation(&issuer, &audience),
            issuer,
            audience,
        })
    }

    /// The key that this name stands for. The token says which one, never how it is used.
    fn key(&self, name: &str) -> Option<&Key> {
        let keys = std::iter::once(&self.current).chain(&self.previous);
        keys.into_iter().find(|key| key.name == name)
    }

    fn claims(&self, token: &str) -> Option<Claims> {
        let header = decode_header(token).ok()?;
        let key = self.key(header.kid.as_deref()?)?;
        let data = decode::<Claims>(token, &key.decoding, &self.validation);
        Some(data.ok()?.claims)
    }
}

impl AccessTokens for HmacAccessTokens {
    fn sign(&self, claims: &AccessClaims) -> PortResult<String> {
        let mut header = Header::new(ALGORITHM);
        header.kid = Some(self.current.name.clone());
        let claims = Claims::new(claims, &self.issuer, &self.audience);
        encode(&header, &claims, &self.current.encoding)
            .map_err(|cause| PortError::new(Fault::Refused, "sign an access token", cause))
    }

    fn verify(&self, token: &str, now: Timestamp) -> Result<AccessClaims, AccessTokenError> {
        let claims = self.read(token).ok_or(AccessTokenError::Invalid)?;
        if claims.issued_at > now + ISSUE_LEEWAY {
            return Err(AccessTokenError::Invalid);
        }
        if claims.expires_at + EXPIRY_LEEWAY <= now {
            return Err(AccessTokenError::Expired);
        }
        Ok(claims)
    }

    fn read(&self, token: &str) -> Option<AccessClaims> {
        self.claims(token).and_then(Claims::parse)
    }
}

/// Time is checked here and not by the library: it would ask the system's clock.
fn validation(issuer: &str, audience: &str) -> Validation {
    let mut validation = Validation::new(ALGORITHM);
    validation.set_issuer(&[issuer]);
    validation.set_audience(&[audience]);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation.validate_exp = false;
    validation
}
