//! Access tokens that are like a genuine one but for one thing.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::harness::SECRET;

const OTHER_SECRET: &str = "a secret that this server never had";
/// What a server that checks RS256 would publish.
const PUBLIC_KEY: &str = include_str!("public_key.pem");

/// A genuine token, taken apart.
#[derive(Clone)]
pub(super) struct Genuine {
    header: Value,
    claims: Value,
    signature: String,
}

impl Genuine {
    pub(super) fn read(token: &str) -> Self {
        let [header, claims, signature] = token.split('.').collect::<Vec<_>>()[..] else {
            panic!("{token} has not three parts");
        };
        let json = |part| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
        Self {
            header: json(header),
            claims: json(claims),
            signature: signature.to_owned(),
        }
    }

    /// The same claims, signed by hand as the server signs.
    pub(super) fn copied(&self) -> String {
        self.signed(SECRET)
    }

    pub(super) fn expired(&self) -> String {
        let issued_at = self.claims["iat"].as_i64().unwrap();
        let aged = self.claiming("iat", json!(issued_at - 1000));
        aged.claiming("exp", json!(issued_at - 100)).signed(SECRET)
    }

    pub(super) fn unsigned(&self) -> String {
        format!("{}.", self.heading("alg", json!("none")).unsealed())
    }

    pub(super) fn signed_with_a_public_key(&self) -> String {
        self.signed(PUBLIC_KEY)
    }

    pub(super) fn called_rs256(&self) -> String {
        self.heading("alg", json!("RS256")).signed(SECRET)
    }

    pub(super) fn signed_with_another_secret(&self) -> String {
        self.signed(OTHER_SECRET)
    }

    pub(super) fn of_another_issuer(&self) -> String {
        self.claiming("iss", json!("somebody")).signed(SECRET)
    }

    pub(super) fn for_another_audience(&self) -> String {
        self.claiming("aud", json!("somebody")).signed(SECRET)
    }

    pub(super) fn of_an_unknown_key(&self) -> String {
        self.heading("kid", json!("0123456789abcdef"))
            .signed(SECRET)
    }

    pub(super) fn of_no_key(&self) -> String {
        let mut forged = self.clone();
        forged.header.as_object_mut().unwrap().remove("kid");
        forged.signed(SECRET)
    }

    /// More rights under the genuine signature.
    pub(super) fn altered(&self) -> String {
        let altered = self.claiming("role", json!("admin"));
        format!("{}.{}", altered.unsealed(), self.signature)
    }

    fn claiming(&self, name: &str, value: Value) -> Self {
        let mut forged = self.clone();
        forged.claims[name] = value;
        forged
    }

    fn heading(&self, name: &str, value: Value) -> Self {
        let mut forged = self.clone();
        forged.header[name] = value;
        forged
    }

    fn unsealed(&self) -> String {
        let part = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
        format!("{}.{}", part(&self.header), part(&self.claims))
    }

    fn signed(&self, secret: &str) -> String {
        let unsealed = self.unsealed();
        let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        let seal = mac.chain_update(&unsealed).finalize().into_bytes();
        format!("{unsealed}.{}", URL_SAFE_NO_PAD.encode(seal))
    }
}
