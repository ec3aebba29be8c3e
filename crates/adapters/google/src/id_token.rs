//! What makes an ID token good (`OpenID` Connect Core 1.0 §3.1.3.7).

use auth::{GoogleError, GoogleIdentity, OpaqueToken};
use chrono::{DateTime, TimeDelta};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::{Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use kernel::Timestamp;
use serde::Deserialize;

use crate::settings::GoogleSettings;

const ALGORITHM: Algorithm = Algorithm::RS256;
/// The issuer's clock and ours may differ by this much.
const CLOCK_SKEW: TimeDelta = TimeDelta::seconds(60);

#[derive(Debug, Deserialize)]
pub(crate) struct Claims {
    sub: String,
    aud: Audiences,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    nonce: Option<String>,
    email: Option<String>,
    email_verified: Option<Told>,
    name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audiences {
    One(String),
    Many(Vec<String>),
}

/// Some issuers write a truth value as text.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Told {
    Truth(bool),
    Text(String),
}

/// The id of the key the token says it is signed with.
pub(crate) fn key_id(token: &str) -> Result<String, GoogleError> {
    let header = decode_header(token).map_err(|_| GoogleError::Invalid("form"))?;
    if header.alg != ALGORITHM {
        return Err(GoogleError::Invalid("algorithm"));
    }
    header.kid.ok_or(GoogleError::Invalid("key"))
}

/// The claims of a token that this key has signed for one of our clients.
pub(crate) fn signed(
    token: &str,
    key: &Jwk,
    settings: &GoogleSettings,
) -> Result<Claims, GoogleError> {
    if matches!(key.common.public_key_use, Some(PublicKeyUse::Encryption)) {
        return Err(GoogleError::Invalid("key"));
    }
    let key = DecodingKey::from_jwk(key).map_err(|_| GoogleError::Invalid("key"))?;
    let claims = decode::<Claims>(token, &key, &validation(settings));
    let claims = claims.map_err(|error| reason(error.kind()))?.claims;
    if claims.aud.are_ours(&settings.client_ids) {
        Ok(claims)
    } else {
        Err(GoogleError::Invalid("audience"))
    }
}

/// Time is checked in [`Claims::check_time`]: the library would ask the system's clock.
fn validation(settings: &GoogleSettings) -> Validation {
    let mut validation = Validation::new(ALGORITHM);
    validation.set_audience(&settings.client_ids);
    validation.set_issuer(&settings.issuers());
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation.validate_exp = false;
    validation
}

fn reason(kind: &ErrorKind) -> GoogleError {
    GoogleError::Invalid(match kind {
        ErrorKind::InvalidSignature => "signature",
        ErrorKind::InvalidAudience => "audience",
        ErrorKind::InvalidIssuer => "issuer",
        ErrorKind::InvalidAlgorithm | ErrorKind::InvalidKeyFormat => "key",
        _ => "form",
    })
}

impl Audiences {
    /// Every audience must be ours: a token that is also for others may have come through them.
    fn are_ours(&self, client_ids: &[String]) -> bool {
        match self {
            Self::One(audience) => client_ids.contains(audience),
            Self::Many(audiences) => {
                !audiences.is_empty() && audiences.iter().all(|a| client_ids.contains(a))
            }
        }
    }
}

impl Claims {
    pub(crate) fn check_time(&self, now: Timestamp) -> Result<(), GoogleError> {
        let moment = |seconds| DateTime::from_timestamp(seconds, 0);
        let is_over = moment(self.exp).is_none_or(|end| end + CLOCK_SKEW <= now);
        if is_over {
            return Err(GoogleError::Invalid("expired"));
        }
        let begins = [Some(self.iat), self.nbf].into_iter().flatten();
        for begin in begins {
            if moment(begin).is_none_or(|begin| begin > now + CLOCK_SKEW) {
                return Err(GoogleError::Invalid("not yet valid"));
            }
        }
        Ok(())
    }

    pub(crate) fn check_nonce(&self, nonce: &OpaqueToken) -> Result<(), GoogleError> {
        if self.nonce.as_deref() == Some(nonce.expose()) {
            Ok(())
        } else {
            Err(GoogleError::Invalid("nonce"))
        }
    }

    /// Who the token speaks of, if the address is verified.
    pub(crate) fn identity(self) -> Result<GoogleIdentity, GoogleError> {
        let is_verified = match self.email_verified {
            Some(Told::Truth(told)) => told,
            Some(Told::Text(told)) => told == "true",
            None => false,
        };
        if !is_verified {
            return Err(GoogleError::Invalid("unverified address"));
        }
        let email = self.email.ok_or(GoogleError::Invalid("no address"))?;
        let email = email.parse().map_err(|_| GoogleError::Invalid("address"))?;
        let subject = self.sub.parse();
        Ok(GoogleIdentity {
            subject: subject.map_err(|_| GoogleError::Invalid("subject"))?,
            email,
            name: self.name,
        })
    }
}
