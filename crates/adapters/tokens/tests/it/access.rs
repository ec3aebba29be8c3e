//! Access tokens: only ours, only as we signed them, only in their time.

use auth::{AccessClaims, AccessTokenError, AccessTokens, Role};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use kernel::{Timestamp, TokenId, UserId};
use serde_json::{Value, json};
use tokens::{HmacAccessTokens, InvalidTokenSettings, TokenSettings};

const SECRET: &str = "a secret of at least thirty-two bytes";
const OTHER: &str = "another secret, of forty bytes or some more";

fn settings(secret: &str) -> TokenSettings {
    TokenSettings {
        secret: secret.into(),
        previous: None,
        issuer: "https://smartsight.example".to_owned(),
        audience: "smartsight".to_owned(),
    }
}

fn tokens(secret: &str) -> HmacAccessTokens {
    HmacAccessTokens::new(settings(secret)).unwrap()
}

fn now() -> Timestamp {
    Timestamp::from_timestamp(1_772_445_600, 0).unwrap()
}

fn claims() -> AccessClaims {
    AccessClaims {
        user: UserId::from_name("ada"),
        email: "ada@example.org".parse().unwrap(),
        role: Role::Admin,
        id: "0197a1b2-0000-7000-8000-000000000001"
            .parse::<TokenId>()
            .unwrap(),
        issued_at: now(),
        expires_at: now() + TimeDelta::minutes(15),
    }
}

fn part(token: &str, n: usize) -> Value {
    let part = token.split('.').nth(n).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// The token as signed by `tokens(SECRET)` with this header and these claims changed, and signed
/// with the right secret again.
fn resigned(change: impl FnOnce(&mut Header, &mut Value)) -> String {
    let token = tokens(SECRET).sign(&claims()).unwrap();
    let mut header: Header = serde_json::from_value(part(&token, 0)).unwrap();
    let mut body = part(&token, 1);
    change(&mut header, &mut body);
    encode(&header, &body, &EncodingKey::from_secret(SECRET.as_bytes())).unwrap()
}

#[track_caller]
fn refused(token: &str) {
    let answer = tokens(SECRET).verify(token, now());
    assert_eq!(answer, Err(AccessTokenError::Invalid), "{token}");
}

#[test]
fn a_token_says_what_was_signed_in_the_contracts_claims() {
    let token = tokens(SECRET).sign(&claims()).unwrap();
    assert_eq!(tokens(SECRET).verify(&token, now()), Ok(claims()));
    let user = claims().user.to_string();
    let expected = json!({
        "sub": user, "userId": user, "email": "ada@example.org", "role": "admin",
        "jti": "0197a1b2-0000-7000-8000-000000000001",
        "iat": 1_772_445_600, "exp": 1_772_446_500,
        "iss": "https://smartsight.example", "aud": "smartsight",
    });
    assert_eq!(part(&token, 1), expected);
}

#[test]
fn after_fifteen_minutes_and_the_leeway_it_has_expired() {
    let token = tokens(SECRET).sign(&claims()).unwrap();
    let end = now() + TimeDelta::minutes(15);
    let at = |at| tokens(SECRET).verify(&token, at);
    assert!(at(end + TimeDelta::milliseconds(4999)).is_ok());
    assert_eq!(
        at(end + TimeDelta::seconds(5)),
        Err(AccessTokenError::Expired)
    );
    assert_eq!(
        at(now() - TimeDelta::seconds(61)),
        Err(AccessTokenError::Invalid)
    );
}

#[test]
fn after_a_change_of_secrets_old_tokens_are_taken_and_new_ones_signed_anew() {
    let old = tokens(SECRET).sign(&claims()).unwrap();
    let changed = HmacAccessTokens::new(TokenSettings {
        previous: Some(SECRET.into()),
        ..settings(OTHER)
    })
    .unwrap();
    assert_eq!(changed.verify(&old, now()), Ok(claims()));
    let new = changed.sign(&claims()).unwrap();
    assert_eq!(changed.verify(&new, now()), Ok(claims()));
    assert_eq!(tokens(OTHER).verify(&new, now()), Ok(claims()));
    assert_eq!(
        tokens(OTHER).verify(&old, now()),
        Err(AccessTokenError::Invalid)
    );
}

#[test]
fn a_token_cannot_choose_its_algorithm() {
    let token = tokens(SECRET).sign(&claims()).unwrap();
    let (head, rest) = token.split_once('.').unwrap();
    let (body, signature) = rest.split_once('.').unwrap();
    let kid = part(&token, 0)["kid"].clone();
    assert!(!head.is_empty());
    for alg in ["none", "None", "NONE", "HS384", "HS512", "RS256", "ES256"] {
        let head = encoded(&json!({"alg": alg, "typ": "JWT", "kid": kid}));
        refused(&format!("{head}.{body}.{signature}"));
        refused(&format!("{head}.{body}."));
    }
    refused(&resigned(|header, _| header.alg = Algorithm::HS512));
}

#[test]
fn a_public_key_is_no_secret_and_an_unknown_key_no_key() {
    let other = tokens(OTHER).sign(&claims()).unwrap();
    refused(&other);
    let right_name = part(&tokens(SECRET).sign(&claims()).unwrap(), 0)["kid"].clone();
    let right_name = right_name.as_str().unwrap().to_owned();
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some(right_name);
    let key = EncodingKey::from_secret(OTHER.as_bytes());
    refused(&encode(&header, &part(&other, 1), &key).unwrap());
    refused(&resigned(|header, _| {
        header.kid = Some("unknown".to_owned());
    }));
    refused(&resigned(|header, _| header.kid = None));
}

#[test]
fn another_issuer_audience_or_form_is_refused() {
    for (claim, value) in [
        ("iss", json!("https://elsewhere.example")),
        ("aud", json!("elsewhere")),
        ("sub", json!(UserId::from_name("eve").to_string())),
        ("role", json!("root")),
        ("jti", json!("1")),
        ("exp", json!("never")),
        ("email", json!(null)),
    ] {
        refused(&resigned(|_, body| body[claim] = value));
    }
    for claim in ["iss", "aud", "exp", "sub", "iat", "jti"] {
        refused(&resigned(|_, body| {
            body.as_object_mut().unwrap().remove(claim);
        }));
    }
}

#[test]
fn a_changed_token_is_refused_wherever_it_was_changed() {
    let token = tokens(SECRET).sign(&claims()).unwrap();
    let mut body = part(&token, 1);
    body["role"] = json!("user");
    let parts: Vec<_> = token.split('.').collect();
    refused(&format!("{}.{}.{}", parts[0], encoded(&body), parts[2]));
    // The last character of a part carries spare bits, which a decoder must not ignore.
    for at in 0..token.len() {
        let mut changed = token.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        refused(&String::from_utf8(changed).unwrap());
    }
    for text in ["", ".", "..", "a.b.c", &token[..token.len() - 1]] {
        refused(text);
    }
}

#[test]
fn a_short_secret_signs_nothing() {
    let refused = |settings| HmacAccessTokens::new(settings).err();
    let short = refused(settings("thirty-one bytes are not enough"));
    assert_eq!(short, Some(InvalidTokenSettings::ShortSecret));
    let previous = refused(TokenSettings {
        previous: Some("short".into()),
        ..settings(SECRET)
    });
    assert_eq!(previous, Some(InvalidTokenSettings::ShortPreviousSecret));
}
