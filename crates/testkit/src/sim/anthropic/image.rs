//! Looks at images as the provider does.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use sha2::{Digest, Sha256};
use url::Url;

use super::error::ApiError;
use super::request::{ImagePart, Request, Source};
use crate::sim::picture::{self, SeenImage, whole};

const MAX_SIDE: u32 = 8_000;
const MAX_BYTES: usize = 10 * 1024 * 1024;

/// Looks at every image of the request.
pub(super) async fn look_at_all(request: &Request) -> Result<Vec<SeenImage>, ApiError> {
    let mut seen = Vec::new();
    for part in request.images() {
        seen.push(look_at(&part, request.model()).await?);
    }
    Ok(seen)
}

async fn look_at(part: &ImagePart, model: &str) -> Result<SeenImage, ApiError> {
    let bytes = match &part.source {
        Source::Base64(data) => unpack(part, data)?,
        Source::Url(url) => fetch(url).await?,
    };
    if bytes.len() > MAX_BYTES {
        let message = format!(
            "image exceeds {MAX_BYTES} bytes maximum: {} bytes",
            bytes.len()
        );
        return Err(refused(part, &message));
    }
    let sha256 = hex::encode(Sha256::digest(&bytes));
    let sides = picture::sides(bytes).await;
    let (width, height) = sides.map_err(|_| refused(part, "Could not process image"))?;
    if width.max(height) > MAX_SIDE {
        let message = "At least one of the image dimensions exceed max allowed size: 8000 pixels";
        return Err(refused(part, message));
    }
    Ok(SeenImage {
        sha256,
        tokens: tokens(model, width, height),
    })
}

fn unpack(part: &ImagePart, data: &str) -> Result<Bytes, ApiError> {
    let bytes = STANDARD.decode(data);
    let bytes = bytes.map_err(|_| refused(part, "invalid base64 data"))?;
    if bytes.is_empty() {
        return Err(refused(part, "image cannot be empty"));
    }
    Ok(bytes.into())
}

async fn fetch(url: &str) -> Result<Bytes, ApiError> {
    let url = Url::parse(url).ok();
    let url = url.filter(|url| matches!(url.scheme(), "http" | "https"));
    let url = url.ok_or_else(|| ApiError::invalid("Only HTTPS URLs are supported."))?;
    let message = "Unable to download the file. Please verify the URL and try again.";
    let fetched = picture::download(url).await;
    fetched.map_err(|_| ApiError::invalid(message))
}

fn refused(part: &ImagePart, message: &str) -> ApiError {
    ApiError::invalid(format!("{}: {message}", part.place))
}

/// Patches of 28 pixels, after fitting into the model's longest side and most patches.
fn tokens(model: &str, width: u32, height: u32) -> u64 {
    let old = [
        "claude-3",
        "claude-sonnet-4-5",
        "claude-sonnet-4-6",
        "claude-haiku-4",
        "claude-opus-4-5",
        "claude-opus-4-6",
    ];
    let (longest, most) = if old.iter().any(|name| model.starts_with(name)) {
        (1568.0, 1568.0)
    } else {
        (2576.0, 4784.0)
    };
    let (w, h) = (f64::from(width), f64::from(height));
    let fit = (longest / w.max(h)).min(1.0);
    let area = (most * 28.0 * 28.0 / (w * fit * h * fit)).sqrt().min(1.0);
    let count = |side: f64| (side * fit * area / 28.0).ceil();
    whole((count(w) * count(h)).min(most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn photographs_cost_what_the_formula_says() {
        assert_eq!(tokens("claude-haiku-5-5", 1920, 1080), 2691);
        assert_eq!(tokens("claude-haiku-5-5", 1600, 1200), 2494);
        assert_eq!(tokens("claude-haiku-5-5", 768, 576), 588);
        assert_eq!(tokens("claude-haiku-5-5", 1, 1), 1);
        assert!(tokens("claude-haiku-5-5", 4032, 3024) <= 4784);
        assert!(tokens("claude-haiku-4-5", 4032, 3024) <= 1568);
    }
}
