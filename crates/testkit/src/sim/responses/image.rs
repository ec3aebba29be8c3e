//! Looks at images as the provider does: fetched or unpacked, judged by content, decoded.

use std::io::Cursor;
use std::net::IpAddr;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use image::{ImageFormat, ImageReader, Limits};
use sha2::{Digest, Sha256};
use url::{Host, Url};

use super::request::{ImagePart, Request};
use super::tokens;
use crate::sim::error::ApiError;

const MAX_IMAGES: usize = 1_500;
const MAX_SIDE: u32 = 65_535;
const MAX_PATCHES: u64 = 30_000;
const MAX_DECODED: u64 = 512 * 1024 * 1024;
const MAX_FETCHED: usize = 50 * 1024 * 1024;
const FETCH_TIMEOUT: Duration = Duration::from_secs(10);

/// An image that could be decoded.
#[derive(Debug)]
pub(super) struct SeenImage {
    /// Of the bytes as they came.
    pub(super) sha256: String,
    /// What it costs.
    pub(super) tokens: u64,
}

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
    // Decoding megapixels must not hold up the other connections.
    let decoded = tokio::task::spawn_blocking(move || decode(&bytes)).await;
    let (width, height) = decoded
        .map_err(|_| refused(part, "image_parse_error", "The image could not be parsed."))?
        .map_err(|(code, message)| refused(part, code, message))?;
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

fn decode(bytes: &[u8]) -> Result<(u32, u32), (&'static str, &'static str)> {
    const UNSUPPORTED: (&str, &str) = ("invalid_image_format", FORMATS);
    let parse_error = (
        "image_parse_error",
        "The image data you provided does not represent a valid image.",
    );
    let format = image::guess_format(bytes).map_err(|_| UNSUPPORTED)?;
    if !matches!(
        format,
        ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP
    ) {
        return Err(UNSUPPORTED);
    }
    if format == ImageFormat::Jpeg && !ends_whole(bytes) {
        return Err(parse_error);
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_DECODED);
    reader.limits(limits);
    match reader.decode() {
        Ok(image) => Ok((image.width(), image.height())),
        Err(image::ImageError::Limits(_)) => Err(("image_too_large", "The image is too large.")),
        Err(_) => Err(parse_error),
    }
}

/// Whether a JPEG has its end marker after its last scan: the decoder fills what is cut off with
/// grey and says nothing.
fn ends_whole(jpeg: &[u8]) -> bool {
    let last = |marker: [u8; 2]| jpeg.windows(2).rposition(|pair| pair == marker);
    last([0xFF, 0xD9]) > last([0xFF, 0xDA])
}

const FORMATS: &str = "You uploaded an unsupported image. Please make sure your image has one of \
                       the following formats: ['png', 'jpeg', 'gif', 'webp'].";

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
    if !is_loopback(&url) {
        return Err(not_downloaded(part, "the host cannot be reached"));
    }
    download(url)
        .await
        .map_err(|cause| not_downloaded(part, &cause))
}

async fn download(url: Url) -> Result<Bytes, String> {
    // No certificate of this machine would be trusted by a provider, and none is needed for http.
    let client = reqwest::Client::builder()
        .tls_certs_only([])
        .timeout(FETCH_TIMEOUT)
        .redirect(reqwest::redirect::Policy::none())
        .build();
    let client = client.map_err(|error| error.to_string())?;
    let answer = client.get(url).send().await;
    let mut answer = answer.map_err(|_| "the connection failed".to_owned())?;
    if !answer.status().is_success() {
        return Err(format!(
            "upstream status code: {}",
            answer.status().as_u16()
        ));
    }
    let mut bytes = Vec::new();
    loop {
        match answer.chunk().await {
            Ok(None) => return Ok(bytes.into()),
            Ok(Some(chunk)) if bytes.len() + chunk.len() <= MAX_FETCHED => {
                bytes.extend_from_slice(&chunk);
            }
            Ok(Some(_)) => return Err("the file is too large".to_owned()),
            Err(_) => return Err("the connection broke".to_owned()),
        }
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

fn not_downloaded(part: &ImagePart, cause: &str) -> ApiError {
    let message = format!("Failed to download image from {}: {cause}.", part.url);
    refused(part, "failed_to_download_image", &message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jpeg_ends_behind_its_last_scan() {
        let thumbnail = [0xFF, 0xD8, 0xFF, 0xDA, 1, 0xFF, 0xD9];
        let cut = [&thumbnail[..], &[0xFF, 0xDA, 2, 3]].concat();
        assert!(ends_whole(&thumbnail) && !ends_whole(&cut));
    }

    #[test]
    fn only_this_machine_is_asked_for_images() {
        let loopback = |url: &str| is_loopback(&url.parse().unwrap());
        for url in [
            "http://127.0.0.1:1/x",
            "https://localhost/x",
            "http://[::1]/x",
        ] {
            assert!(loopback(url), "{url}");
        }
        for url in [
            "http://10.0.0.1/x",
            "https://localhost.example/x",
            "http://0.0.0.0/",
        ] {
            assert!(!loopback(url), "{url}");
        }
    }
}
