//! Pictures as any provider looks at them: fetched, judged by content, decoded.

use std::io::Cursor;
use std::net::IpAddr;
use std::time::Duration;

use bytes::Bytes;
use image::{ImageFormat, ImageReader, Limits};
use url::{Host, Url};

const MAX_SIDE: u32 = 65_535;
const MAX_DECODED: u64 = 512 * 1024 * 1024;
const MAX_FETCHED: usize = 50 * 1024 * 1024;
const FETCH_TIMEOUT: Duration = Duration::from_secs(10);

/// A picture that could be opened.
#[derive(Debug)]
pub(super) struct SeenImage {
    /// Of the bytes as they came.
    pub(super) sha256: String,
    /// Input tokens.
    pub(super) tokens: u64,
}

/// Why a picture cannot be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// No format that is taken.
    Format,
    /// Cut off or damaged.
    Damaged,
    /// Too many pixels.
    TooLarge,
}

/// A count that was worked out in fractions.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts of patches are whole, positive and far below 2^53"
)]
pub(super) fn whole(count: f64) -> u64 {
    count as u64
}

/// Width and height of a picture that can be decoded to its end.
pub(super) async fn sides(bytes: Bytes) -> Result<(u32, u32), Unreadable> {
    // Decoding megapixels must not hold up the other connections.
    let decoded = tokio::task::spawn_blocking(move || decode(&bytes)).await;
    decoded.unwrap_or(Err(Unreadable::Damaged))
}

fn decode(bytes: &[u8]) -> Result<(u32, u32), Unreadable> {
    let format = image::guess_format(bytes).map_err(|_| Unreadable::Format)?;
    if !matches!(
        format,
        ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP
    ) {
        return Err(Unreadable::Format);
    }
    if format == ImageFormat::Jpeg && !ends_whole(bytes) {
        return Err(Unreadable::Damaged);
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_DECODED);
    reader.limits(limits);
    match reader.decode() {
        Ok(image) => Ok((image.width(), image.height())),
        Err(image::ImageError::Limits(_)) => Err(Unreadable::TooLarge),
        Err(_) => Err(Unreadable::Damaged),
    }
}

/// Whether a JPEG has its end marker after its last scan: the decoder fills what is cut off with
/// grey and says nothing.
fn ends_whole(jpeg: &[u8]) -> bool {
    let last = |marker: [u8; 2]| jpeg.windows(2).rposition(|pair| pair == marker);
    last([0xFF, 0xD9]) > last([0xFF, 0xDA])
}

/// Opens a link to this machine only; the simulator is no way out to the network. The error says
/// what went wrong.
pub(super) async fn download(url: Url) -> Result<Bytes, String> {
    if !is_loopback(&url) {
        return Err("the host cannot be reached".to_owned());
    }
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
