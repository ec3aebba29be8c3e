//! Recordings as they are handed out.

use serde_json::Value;

/// Samples of both recordings of a conversation, of the student and of the tutor.
///
/// # Panics
/// When one is no whole WAV of one channel, 16 bits and its rate.
pub(crate) async fn both(stored: &Value) -> [usize; 2] {
    [
        samples(stored, "input", 16_000).await,
        samples(stored, "output", 24_000).await,
    ]
}

async fn samples(stored: &Value, track: &str, rate: u32) -> usize {
    let url = stored["recordings"][track]["url"].as_str().unwrap();
    let bytes = reqwest::get(url).await.unwrap().error_for_status().unwrap();
    let bytes = bytes.bytes().await.unwrap();
    let (header, start) = audio_dsp::wav::Header::parse(&bytes).unwrap();
    assert_eq!(header.sample_rate_hz, rate, "{track}");
    assert_eq!(
        header.data_bytes as usize,
        bytes.len() - start,
        "{track}: the length is told"
    );
    (bytes.len() - start) / 2
}
