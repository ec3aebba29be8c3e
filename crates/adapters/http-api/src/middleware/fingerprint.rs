//! What tells one payload from another, however a client packs it.

use axum::extract::{FromRequest, Multipart};
use bytes::Bytes;
use http::request::Parts;
use http::{Request, header};
use sha2::{Digest, Sha256};

/// A digest of method, path, query, session, kind of content and body. Of a form, the parts count
/// and not the boundary, which clients make up anew for each attempt.
pub(super) async fn fingerprint(parts: &Parts, body: &Bytes) -> String {
    let mut digest = Sha256::new();
    add(&mut digest, parts.method.as_str().as_bytes());
    add(&mut digest, parts.uri.path().as_bytes());
    add(
        &mut digest,
        parts.uri.query().unwrap_or_default().as_bytes(),
    );
    let session = parts.headers.get("x-session-id");
    add(&mut digest, session.map_or(b"", |value| value.as_bytes()));
    add(&mut digest, essence(parts).as_bytes());
    match form_digest(parts, body).await {
        Some(form) => add(&mut digest, &form),
        None => add(&mut digest, body),
    }
    hex::encode(digest.finalize())
}

/// With its length, so that no two sequences of fields run into each other.
fn add(digest: &mut Sha256, field: &[u8]) {
    digest.update((field.len() as u64).to_be_bytes());
    digest.update(field);
}

fn essence(parts: &Parts) -> String {
    let value = parts.headers.get(header::CONTENT_TYPE);
    let text = value
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    text.split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// `None` if the body is no form that can be read.
async fn form_digest(parts: &Parts, body: &Bytes) -> Option<Vec<u8>> {
    if essence(parts) != "multipart/form-data" {
        return None;
    }
    let mut request = Request::new(axum::body::Body::from(body.clone()));
    *request.headers_mut() = parts.headers.clone();
    *request.extensions_mut() = parts.extensions.clone();
    let mut form = Multipart::from_request(request, &()).await.ok()?;
    let mut digest = Sha256::new();
    while let Some(field) = form.next_field().await.ok()? {
        add(&mut digest, field.name().unwrap_or_default().as_bytes());
        add(
            &mut digest,
            field.file_name().unwrap_or_default().as_bytes(),
        );
        add(&mut digest, &field.bytes().await.ok()?);
    }
    Some(digest.finalize().to_vec())
}
