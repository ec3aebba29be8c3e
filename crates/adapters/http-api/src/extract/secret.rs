//! Secrets in JSON bodies.

use std::borrow::Cow;
use std::fmt;

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A text that shows neither in debug output nor in the complaint when it is no text.
#[derive(Clone)]
pub(crate) struct SecretText(pub(crate) String);

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(…)")
    }
}

impl<'de> Deserialize<'de> for SecretText {
    fn deserialize<D: Deserializer<'de>>(secret: D) -> Result<Self, D::Error> {
        match Value::deserialize(secret)? {
            Value::String(text) => Ok(Self(text)),
            _ => Err(D::Error::custom("a secret must be a string")),
        }
    }
}

impl PartialSchema for SecretText {
    fn schema() -> RefOr<Schema> {
        String::schema()
    }
}

impl ToSchema for SecretText {
    fn name() -> Cow<'static, str> {
        "SecretText".into()
    }
}
