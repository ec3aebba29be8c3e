//! Requests by several clients at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use reqwest::multipart::{Form, Part};
use reqwest::{Client, RequestBuilder, Url};
use serde_json::json;
use vision::{ImagePreparer, View, ViewSpec};

use crate::server::{Server, cpu_time};

/// The view that the server sends by default.
const VIEW: ViewSpec = ViewSpec::Jpeg { max_side: 1600 };

/// One image, sent many times.
pub(crate) struct Load {
    pub(crate) image: Vec<u8>,
    pub(crate) clients: usize,
    pub(crate) requests: usize,
}

/// How long each request took, shortest first.
pub(crate) struct Measured(Vec<Duration>);

impl Measured {
    /// How many requests were measured.
    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// The time that `share` of all requests did not exceed (nearest rank).
    pub(crate) fn percentile(&self, share: f64) -> Duration {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a rank among a few thousand requests"
        )]
        let rank = (self.0.len() as f64 * share).ceil() as usize;
        self.0[rank.clamp(1, self.0.len()) - 1]
    }
}

impl Load {
    /// The limit: the scaled image goes to the model with no server between.
    pub(crate) async fn straight_to(&self, model: &Url) -> anyhow::Result<Measured> {
        let view = view_of(&self.image).await?;
        let image_url = format!("data:image/jpeg;base64,{}", STANDARD.encode(view));
        let body = json!({ "model": "gpt-bench", "store": false, "input": [{ "role": "user", "content": [
            { "type": "input_image", "image_url": image_url, "detail": "high" }] }] });
        let body = Bytes::from(serde_json::to_vec(&body)?);
        let url = format!("{}/responses", model.as_str().trim_end_matches('/'));
        self.run(move |client| {
            let request = client.post(&url).bearer_auth("bench").body(body.clone());
            request.header("content-type", "application/json")
        })
        .await
    }

    /// The way through the server, in one session a client.
    pub(crate) async fn through(&self, server: &Server) -> anyhow::Result<Measured> {
        let image = Bytes::from(self.image.clone());
        let session = server.start_session().await?;
        let url = format!("{}/api/v1/upload-and-analyze", server.base);
        self.run(move |client| {
            let part = Part::stream(image.clone()).file_name("image.jpg");
            let form = Form::new().part("image", part);
            client
                .post(&url)
                .header("X-Session-Id", &session)
                .multipart(form)
        })
        .await
    }

    async fn run(
        &self,
        request: impl Fn(&Client) -> RequestBuilder + Send + Sync + 'static,
    ) -> anyhow::Result<Measured> {
        let (client, request) = (Client::new(), Arc::new(request));
        send(request(&client)).await.context("warm-up")?;
        let left = Arc::new(AtomicUsize::new(self.requests));
        let workers = (0..self.clients).map(|_| {
            let (client, request, left) = (client.clone(), request.clone(), left.clone());
            tokio::spawn(async move {
                let mut times = Vec::new();
                while left
                    .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1))
                    .is_ok()
                {
                    times.push(send(request(&client)).await?);
                }
                anyhow::Ok(times)
            })
        });
        let mut times = Vec::with_capacity(self.requests);
        for worker in workers.collect::<Vec<_>>() {
            times.extend(worker.await??);
        }
        times.sort_unstable();
        Ok(Measured(times))
    }
}

async fn send(request: RequestBuilder) -> anyhow::Result<Duration> {
    let begun = Instant::now();
    let response = request.send().await?;
    let status = response.status();
    let body = response.text().await?;
    ensure!(status.is_success(), "{status}: {body}");
    Ok(begun.elapsed())
}

async fn view_of(image: &[u8]) -> anyhow::Result<Bytes> {
    let imaging = imaging::Imaging::new(imaging::Limits::default());
    match imaging
        .prepare(Bytes::copy_from_slice(image), VIEW)
        .await?
        .view
    {
        View::Jpeg { bytes, .. } => Ok(bytes),
        View::Grey { .. } => anyhow::bail!("a JPEG was asked for"),
    }
}

/// The processor time of decoding, scaling and encoding the image once: the least the server must
/// spend on it.
pub(crate) async fn decode_cpu(image: &[u8]) -> anyhow::Result<Duration> {
    const ROUNDS: u32 = 10;
    view_of(image).await?;
    let before = cpu_time(std::process::id())?;
    for _ in 0..ROUNDS {
        view_of(image).await?;
    }
    Ok(cpu_time(std::process::id())?.saturating_sub(before) / ROUNDS)
}
