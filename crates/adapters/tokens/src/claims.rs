//! The claims as they stand in a token.

use auth::{AccessClaims, Role};
use chrono::DateTime;
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Claims {
    sub: String,
    user_id: String,
    email: String,
    role: String,
    jti: String,
    pub(crate) iat: i64,
    pub(crate) exp: i64,
    iss: String,
    aud: String,
}

impl Claims {
    pub(crate) fn new(claims: &AccessClaims, issuer: &str, audience: &str) -> Self {
        let AccessClaims {
            user,
            email,
            role,
            id,
            issued_at,
            expires_at,
        } = claims;
        Self {
            sub: user.to_string(),
            user_id: user.to_string(),
            email: email.to_string(),
            role: role.as_str().to_owned(),
            jti: id.to_string(),
            iat: issued_at.timestamp(),
            exp: expires_at.timestamp(),
            iss: issuer.to_owned(),
            aud: audience.to_owned(),
        }
    }

    /// `None` when a claim is not of the form we write.
    pub(crate) fn parse(self) -> Option<AccessClaims> {
        if self.sub != self.user_id {
            return None;
        }
        Some(AccessClaims {
            user: self.sub.parse().ok()?,
            email: self.email.parse().ok()?,
            role: Role::parse(&self.role)?,
            id: self.jti.parse().ok()?,
            issued_at: DateTime::from_timestamp(self.iat, 0)?,
            expires_at: DateTime::from_timestamp(self.exp, 0)?,
        })
    }
}
