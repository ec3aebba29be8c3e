//! Which ID tokens are taken.

use auth::{GoogleAccounts, GoogleError, GoogleIdentity};
use google::{Google, GoogleSettings};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use kernel::Fault;
use serde_json::{Value, json};
use testkit::openid::Provider;

use crate::provider::{google, now, settings};

async fn verify(google: &Google, token: &str) -> Result<GoogleIdentity, &'static str> {
    match google.verify(token, now()).await {
        Ok(identity) => Ok(identity),
        Err(GoogleError::Invalid(reason)) => Err(reason),
        Err(GoogleError::Port(error)) => panic!("{error}: {:?}", error.fault()),
    }
}

#[tokio::test]
async fn a_token_for_any_of_our_clients_says_who_it_is() {
    let provider = Provider::shaping().await;
    let google = google(&provider);
    for aud in [json!("app"), json!("phone"), json!(["app", "phone"])] {
        let token = provider.sign(json!({ "aud": aud })).await;
        let identity = verify(&google, &token).await.unwrap();
        assert_eq!(identity.subject.as_str(), "1");
        assert_eq!(identity.email.as_str(), "ada@example.org");
        assert_eq!(identity.name.as_deref(), Some("Ada"));
    }
    let as_text = json!({"email_verified": "true", "name": null});
    let token = provider.sign(as_text).await;
    assert!(verify(&google, &token).await.is_ok());
}

#[tokio::test]
async fn what_is_wrong_with_a_token_is_named() {
    let provider = Provider::shaping().await;
    let google = google(&provider);
    for (changes, reason) in [
        (json!({"aud": "elsewhere"}), "audience"),
        (json!({"aud": ["app", "elsewhere"]}), "audience"),
        (json!({"aud": []}), "audience"),
        (json!({"iss": "https://elsewhere.example"}), "issuer"),
        (json!({"iss": "accounts.google.com"}), "issuer"),
        (json!({"email_verified": false}), "unverified address"),
        (json!({"email_verified": "false"}), "unverified address"),
        (json!({"email_verified": null}), "unverified address"),
        (json!({"email": null}), "no address"),
        (json!({"email": "nobody"}), "address"),
        (json!({"sub": ""}), "subject"),
        (json!({"sub": null}), "form"),
        (json!({"aud": null}), "form"),
        (json!({"exp": null}), "form"),
        (json!({"iat": null}), "form"),
    ] {
        let token = provider.sign(changes.clone()).await;
        assert_eq!(verify(&google, &token).await, Err(reason), "{changes}");
    }
}

#[tokio::test]
async fn clocks_may_differ_by_a_minute() {
    let provider = Provider::shaping().await;
    let google = google(&provider);
    let now = now();
    let at = |seconds| now.timestamp() + seconds;
    for (changes, expected) in [
        (json!({"exp": at(-59)}), Ok(())),
        (json!({"exp": at(-61)}), Err("expired")),
        (json!({"iat": at(59)}), Ok(())),
        (json!({"iat": at(62)}), Err("not yet valid")),
        (json!({"nbf": at(62)}), Err("not yet valid")),
        (json!({"exp": 9_000_000_000_000_000_i64}), Err("expired")),
    ] {
        let token = provider.sign(changes.clone()).await;
        let answer = match google.verify(&token, now).await {
            Err(GoogleError::Invalid(reason)) => Err(reason),
            identity => {
                identity.unwrap();
                Ok(())
            }
        };
        assert_eq!(answer, expected, "{changes}");
    }
}

#[tokio::test]
async fn only_what_the_issuers_key_signed_is_taken() {
    let provider = Provider::shaping().await;
    let google = google(&provider);
    let token = provider.sign(json!({})).await;
    verify(&google, &token).await.unwrap();
    let (head, rest) = token.split_once('.').unwrap();
    let (body, signature) = rest.split_once('.').unwrap();
    let other = provider.sign(json!({"sub": "2"})).await;
    let other_body = other.split('.').nth(1).unwrap();
    let swapped = format!("{head}.{other_body}.{signature}");
    assert_eq!(verify(&google, &swapped).await, Err("signature"));
    // {"alg":"none","kid":"first"}
    let none = "eyJhbGciOiJub25lIiwia2lkIjoiZmlyc3QifQ";
    assert_eq!(
        verify(&google, &format!("{none}.{body}.")).await,
        Err("form")
    );
    for text in ["", "a.b.c", head] {
        assert_eq!(verify(&google, text).await, Err("form"), "{text}");
    }
}

#[tokio::test]
async fn the_public_key_is_no_shared_secret() {
    let provider = Provider::shaping().await;
    let google = google(&provider);
    let set = reqwest::get(format!("{}/jwks", provider.issuer())).await;
    let set: Value = set.unwrap().json().await.unwrap();
    let modulus = set["keys"][0]["n"].as_str().unwrap();
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some("first".to_owned());
    let claims = json!({"iss": provider.issuer(), "aud": "app", "sub": "1"});
    let key = EncodingKey::from_secret(modulus.as_bytes());
    let forged = encode(&header, &claims, &key).unwrap();
    assert_eq!(verify(&google, &forged).await, Err("algorithm"));
}

#[tokio::test]
async fn an_issuer_that_is_away_or_another_one_is_no_verdict_about_the_token() {
    let provider = Provider::shaping().await;
    let token = provider.sign(json!({})).await;
    let by_another_name = provider.issuer().replace("127.0.0.1", "localhost");
    for (issuer, fault) in [
        (by_another_name.as_str(), Fault::Corrupt),
        ("http://127.0.0.1:1", Fault::Unavailable),
    ] {
        let settings = GoogleSettings {
            issuer: issuer.to_owned(),
            ..settings(&provider)
        };
        let google = Google::new(settings).unwrap();
        let failed = google.verify(&token, now()).await.unwrap_err();
        let GoogleError::Port(error) = failed else {
            panic!("{failed}");
        };
        assert_eq!(error.fault(), fault, "{issuer}");
    }
}
