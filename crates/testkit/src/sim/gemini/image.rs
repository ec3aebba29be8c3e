//! Looks at images as the provider does.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use sha2::{Digest, Sha256};
use url::Url;

use super::error::ApiError;
use super::request::{Picture, Request};
use crate::sim::picture::{self, SeenImage};

/// Looks at every image of the request.
pub(super) async fn look_at_all(request: &Request) -> Result<Vec<SeenImage>, ApiError> {
    let tokens = tokens(request.resolution());
    let mut seen = Vec::new();
    for picture in request.pictures() {
        let sha256 = look_at(&picture).await?;
        seen.push(SeenImage { sha256, tokens });
    }
    Ok(seen)
}

async fn look_at(picture: &Picture) -> Result<String, ApiError> {
    let bytes = match picture {
        Picture::Inline(data) => unpack(data)?,
        Picture::File(uri) => fetch(uri).await?,
    };
    let sha256 = hex::encode(Sha256::digest(&bytes));
    let sides = picture::sides(bytes).await;
    sides.map_err(|_| ApiError::invalid("Unable to process input image."))?;
    Ok(sha256)
}

/// In either alphabet, as the protocol's JSON takes it.
fn unpack(data: &str) -> Result<Bytes, ApiError> {
    let data = data.replace('-', "+").replace('_', "/");
    let bytes = STANDARD.decode(data).map_err(|_| {
        ApiError::invalid(
            "Invalid value at 'contents[0].parts[0].inline_data.data' (TYPE_BYTES), Base64 \
             decoding failed",
        )
    });
    bytes.map(Bytes::from)
}

async fn fetch(uri: &str) -> Result<Bytes, ApiError> {
    let cannot = || ApiError::invalid("Cannot fetch content from the provided URL.");
    let url = Url::parse(uri).map_err(|_| cannot())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(ApiError::invalid("Invalid or unsupported file uri."));
    }
    picture::download(url).await.map_err(|_| cannot())
}

/// By resolution, whatever the picture's pixels.
fn tokens(resolution: &str) -> u64 {
    match resolution {
        "MEDIA_RESOLUTION_LOW" => 280,
        "MEDIA_RESOLUTION_MEDIUM" => 560,
        "MEDIA_RESOLUTION_ULTRA_HIGH" => 2240,
        _ => 1120,
    }
}
