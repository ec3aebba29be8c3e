//! Links that this server signs and opens itself.
//!
//! `{base}/api/v1/objects/{key}?expires={unix seconds}&signature={base64url}`, where the signature
//! is HMAC-SHA-256 over the method, the key and the expiry, a line each. A link for putting an object
//! has `size`, `type` and `sha256` of what is promised too, and so has its signature, `sha256` empty
//! where there is none.

use std::fmt;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::DateTime;
use hmac::{Hmac, Mac};
use kernel::Timestamp;
use objects::{Link, ObjectKey, Promise, UploadLink};
use secrecy::{ExposeSecret, SecretSlice};
use sha2::Sha256;
use url::Url;

const PATH: [&str; 3] = ["api", "v1", "objects"];
const MIN_SECRET_BYTES: usize = 32;
const MAX_TTL: Duration = Duration::from_hours(7 * 24);

/// Signs links to objects and checks them.
#[derive(Clone)]
pub struct LinkSigner {
    mac: Hmac<Sha256>,
    base_url: Url,
}

/// Links cannot be signed with this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSigner {
    /// The secret is shorter than 32 bytes.
    #[error("the secret for links is shorter than {MIN_SECRET_BYTES} bytes")]
    WeakSecret,
    /// The base is not an http or https URL.
    #[error("links need an http or https address to begin with")]
    BaseUrl,
}

/// Why a link opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkFault {
    /// It was good until its time was over.
    #[error("the link has expired")]
    Expired,
    /// It was not made by this signer for this object.
    #[error("the link does not fit the object")]
    Invalid,
}

impl LinkSigner {
    /// A signer whose links begin with `base_url`, which may have a path of its own.
    pub fn try_new(secret: &SecretSlice<u8>, base_url: Url) -> Result<Self, InvalidSigner> {
        let secret = secret.expose_secret();
        if secret.len() < MIN_SECRET_BYTES {
            return Err(InvalidSigner::WeakSecret);
        }
        if !matches!(base_url.scheme(), "http" | "https") {
            return Err(InvalidSigner::BaseUrl);
        }
        let mac = Hmac::new_from_slice(secret).map_err(|_| InvalidSigner::WeakSecret)?;
        Ok(Self { mac, base_url })
    }

    /// A link to `key`, good until `now + ttl` cut to the second; `None` if `ttl` is more than
    /// 7 days.
    pub fn sign(&self, key: &ObjectKey, now: Timestamp, ttl: Duration) -> Option<Link> {
        let expires_at = end(now, ttl)?;
        let expires = expires_at.timestamp().to_string();
        let mut url = self.url_of(key);
        url.query_pairs_mut()
            .append_pair("expires", &expires)
            .append_pair("signature", &signature(self.mac_of(key, &expires)));
        Some(Link { url, expires_at })
    }

    /// A link to put what is promised under `key`; as [`sign`](Self::sign).
    pub fn sign_upload(
        &self,
        key: &ObjectKey,
        promise: &Promise,
        (now, ttl): (Timestamp, Duration),
    ) -> Option<UploadLink> {
        let expires_at = end(now, ttl)?;
        let expires = expires_at.timestamp().to_string();
        let mut url = self.url_of(key);
        let mut query = url.query_pairs_mut();
        query
            .append_pair("expires", &expires)
            .append_pair("size", &promise.size.to_string())
            .append_pair("type", &promise.content_type);
        if let Some(sha256) = &promise.sha256 {
            query.append_pair("sha256", &sha256.to_string());
        }
        let mac = self.upload_mac_of(key, promise, &expires);
        query.append_pair("signature", &signature(mac));
        drop(query);
        Some(UploadLink {
            url,
            headers: headers_of(promise),
            expires_at,
        })
    }

    /// Whether the link's `expires` and `signature` let what is promised be put under `key` at
    /// `now`.
    pub fn verify_upload(
        &self,
        key: &ObjectKey,
        promise: &Promise,
        (expires, signature): (&str, &str),
        now: Timestamp,
    ) -> Result<(), LinkFault> {
        let mac = self.upload_mac_of(key, promise, expires);
        fits(mac, signature)?;
        is_open(expires, now)
    }

    /// The object to which a link leads, whoever has signed it.
    pub(crate) fn key_in(&self, url: &Url) -> Option<ObjectKey> {
        if url.origin() != self.base_url.origin() {
            return None;
        }
        let base = self.base_url.path().trim_end_matches('/');
        let path = url.path().strip_prefix(base)?;
        let key = path.strip_prefix(&format!("/{}/", PATH.join("/")))?;
        key.parse().ok()
    }

    fn url_of(&self, key: &ObjectKey) -> Url {
        let mut url = self.base_url.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty()
                .extend(PATH)
                .extend(key.as_str().split('/'));
        }
        url.query_pairs_mut().clear();
        url
    }

    /// Whether the link's `expires` and `signature` open `key` at `now`. Takes the same time
    /// however much of the signature fits.
    pub fn verify(
        &self,
        key: &ObjectKey,
        expires: &str,
        signature: &str,
        now: Timestamp,
    ) -> Result<(), LinkFault> {
        fits(self.mac_of(key, expires), signature)?;
        is_open(expires, now)
    }

    fn mac_of(&self, key: &ObjectKey, expires: &str) -> Hmac<Sha256> {
        let message = format!("GET\n{key}\n{expires}");
        self.mac.clone().chain_update(message)
    }

    fn upload_mac_of(&self, key: &ObjectKey, promise: &Promise, expires: &str) -> Hmac<Sha256> {
        let Promise {
            content_type,
            size,
            sha256,
        } = promise;
        let sha256 = sha256.map(|sha256| sha256.to_string()).unwrap_or_default();
        let message = format!("PUT\n{key}\n{expires}\n{size}\n{content_type}\n{sha256}");
        self.mac.clone().chain_update(message)
    }
}

fn signature(mac: Hmac<Sha256>) -> String {
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}

fn fits(mac: Hmac<Sha256>, signature: &str) -> Result<(), LinkFault> {
    let given = URL_SAFE_NO_PAD.decode(signature);
    let given = given.map_err(|_| LinkFault::Invalid)?;
    mac.verify_slice(&given).map_err(|_| LinkFault::Invalid)
}

fn is_open(expires: &str, now: Timestamp) -> Result<(), LinkFault> {
    let seconds: i64 = expires.parse().map_err(|_| LinkFault::Invalid)?;
    if now.timestamp() < seconds {
        Ok(())
    } else {
        Err(LinkFault::Expired)
    }
}

/// The same as S3 asks for, so that clients need not know which store it is.
fn headers_of(promise: &Promise) -> Vec<(String, String)> {
    let sha256 = promise
        .sha256
        .map(|sha256| ("x-amz-checksum-sha256", sha256.base64()));
    let headers = [
        ("content-length", promise.size.to_string()),
        ("content-type", promise.content_type.clone()),
        ("if-none-match", "*".to_owned()),
    ];
    let headers = headers.into_iter().chain(sha256);
    headers
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn end(now: Timestamp, ttl: Duration) -> Option<Timestamp> {
    if ttl > MAX_TTL {
        return None;
    }
    let end = now.checked_add_signed(chrono::TimeDelta::from_std(ttl).ok()?)?;
    DateTime::from_timestamp(end.timestamp(), 0)
}

impl fmt::Debug for LinkSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LinkSigner")
            .field("base_url", &self.base_url.as_str())
            .finish_non_exhaustive()
    }
}
