//! Looks at images as the provider does: fetched or unpacked, judged by content, decoded.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use sha2::{Digest, Sha256};
use url::Url;

use super::request::{ImagePart, Request};
use super::tokens;
use crate::sim::error::ApiError;
use crate::sim::picture::{self, SeenImage, Unreadable};

const MAX_IMAGES: usize = 1_500;
const MAX_PATCHES: u64 = 30_000;

/// Looks at every image of the request.
pub(super) async fn look_at_all(request: &Request) -> Result<Vec<SeenImage>, ApiError> {
    let parts = request.images();
    if parts.len() > MAX_IMAGES {
        let message = format!("Too many images: at most {MAX_IMAGES} are taken.");
        return Err(ApiError::invalid(message).param("input"));
    }
    let mut seen = Vec::with_capacity(parts.len());
    for part in parts {
        seen.push(look_at(&part, request.model()).await?);
    }
    Ok(seen)
}

async fn look_at(part: &ImagePart, model: &str) -> Result<SeenImage, ApiError> {
    let bytes = if part.url.starts_with("data:") {
        unpack(part)?
    } else {
        fetch(part).await?
    };
    if bytes.is_empty() {
        return Err(refused(
            part,
            "empty_image_file",
            "The image file is empty.",
        ));
    }
    let sha256 = hex::encode(Sha256::digest(&bytes));
    let (width, height) = picture::sides(bytes)
        .await
        .map_err(|fault| unreadable(part, fault))?;
    let cost = tokens::of_image(model, &part.detail, width, height);
    if cost.patches > MAX_PATCHES {
        let message = format!("The image has more than {MAX_PATCHES} patches.");
        return Err(refused(part, "image_too_large", &message));
    }
    Ok(SeenImage {
        sha256,
        tokens: cost.tokens,
    })
}

fn unpack(part: &ImagePart) -> Result<Bytes, ApiError> {
    let data = part
        .url
        .strip_prefix("data:image/")
        .and_then(|rest| rest.split_once(";base64,"));
    let Some((kind, data)) = data else {
        let message = format!(
            "Invalid '{}'. Expected a base64-encoded data URL with an image MIME type (e.g. \
             'data:image/png;base64,aW1nIGJ5dGVzIGhlcmU=').",
            part.param
        );
        return Err(refused(part, "invalid_value", &message));
    };
    if !["jpeg", "jpg", "png", "webp", "gif"].contains(&kind) {
        return Err(unsupported(part));
    }
    STANDARD.decode(data).map(Bytes::from).map_err(|_| {
        let message = "The image is not valid base64.";
        refused(part, "invalid_base64_image", message)
    })
}

const FORMATS: &str = "You uploaded an unsupported image. Please make sure your image has one of \
                       the following formats: ['png', 'jpeg', 'gif', 'webp'].";

fn unreadable(part: &ImagePart, fault: Unreadable) -> ApiError {
    let (code, message) = match fault {
        Unreadable::Format => ("invalid_image_format", FORMATS),
        Unreadable::Damaged => (
            "image_parse_error",
            "The image data you provided does not represent a valid image.",
        ),
        Unreadable::TooLarge => ("image_too_large", "The image is too large."),
    };
    refused(part, code, message)
}

fn unsupported(part: &ImagePart) -> ApiError {
    refused(part, "unsupported_image_media_type", FORMATS)
}

fn refused(part: &ImagePart, code: &str, message: &str) -> ApiError {
    ApiError::invalid(message).param(&part.param).code(code)
}

/// Opens links to this machine only; the simulator is no way out to the network.
async fn fetch(part: &ImagePart) -> Result<Bytes, ApiError> {
    let url = Url::parse(&part.url)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .ok_or_else(|| refused(part, "invalid_image_url", "The image URL is not valid."))?;
    picture::download(url)
        .await
        .map_err(|cause| not_downloaded(part, &cause))
}

fn not_downloaded(part: &ImagePart, cause: &str) -> ApiError {
    let message = format!("Failed to download image from {}: {cause}.", part.url);
    refused(part, "failed_to_download_image", &message)
}
