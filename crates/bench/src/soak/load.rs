//! What an hour brings, without its pauses.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, ensure};
use reqwest::multipart::{Form, Part};
use reqwest::{Client, Method, Url};
use serde_json::{Value, json};
use testkit::voice_client::VoiceClient;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::measure::{self, Held};
use crate::server::Server;

const STUDENTS: usize = 6;
const READERS: usize = 3;
const TALKERS: usize = 2;
/// Sockets that lie idle or break off in the middle of a request.
const STRAYS: usize = 12;
const STRAYS_LAST: Duration = Duration::from_secs(5);
/// Whose names come round: an hour has a class of students, not new ones without end.
const USERS: u64 = 40;
const PAGES: u64 = 4;
/// Of a frame of sound, and how many make a question.
const FRAME: Duration = Duration::from_millis(20);
const FRAMES: usize = 40;
const FRAME_BYTES: usize = 1280;
const TOLD_EVERY: Duration = Duration::from_secs(10);

/// People at work until they are told to stop.
pub(super) struct Load {
    people: JoinSet<anyhow::Result<()>>,
    shared: Arc<Shared>,
}

struct Shared {
    http: Client,
    base: String,
    pages: Vec<Vec<u8>>,
    requests: AtomicU64,
    next: AtomicU64,
    over: AtomicBool,
}

impl Load {
    pub(super) fn begin(base: &str) -> Self {
        let pages = ["pages/p01.jpg", "walk/f000.jpg", "walk/f001.jpg"];
        let shared = Arc::new(Shared {
            http: Client::new(),
            base: base.to_owned(),
            pages: pages.map(testkit::data::bytes).into(),
            requests: AtomicU64::new(0),
            next: AtomicU64::new(0),
            over: AtomicBool::new(false),
        });
        let mut people = JoinSet::new();
        for _ in 0..STUDENTS {
            people.spawn(shared.clone().over_and_over(Shared::study));
        }
        for _ in 0..READERS {
            people.spawn(shared.clone().over_and_over(Shared::read));
        }
        for _ in 0..TALKERS {
            people.spawn(shared.clone().over_and_over(Shared::talk));
        }
        for _ in 0..STRAYS {
            people.spawn(shared.clone().over_and_over(Shared::stray));
        }
        Self { people, shared }
    }

    /// Tells now and then what the server holds; gives the number of requests.
    ///
    /// # Errors
    /// The first failure of anybody.
    pub(super) async fn watched(mut self, server: &Server, lasts: Duration) -> anyhow::Result<u64> {
        let until = tokio::time::Instant::now() + lasts;
        let mut tells = tokio::time::interval(TOLD_EVERY);
        tells.tick().await;
        loop {
            tokio::select! {
                () = tokio::time::sleep_until(until) => break,
                _ = tells.tick() => measure::row("at work", &Held::now(server).await?, self.requests()),
                Some(ended) = self.people.join_next() => ended??,
            }
        }
        self.shared.over.store(true, Ordering::Relaxed);
        while let Some(ended) = self.people.join_next().await {
            ended??;
        }
        Ok(self.requests())
    }

    fn requests(&self) -> u64 {
        self.shared.requests.load(Ordering::Relaxed)
    }
}

impl Shared {
    async fn over_and_over(
        self: Arc<Self>,
        once: impl AsyncFn(&Self, &str) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        while !self.over.load(Ordering::Relaxed) {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            once(&self, &format!("soak-{}", number % USERS)).await?;
        }
        Ok(())
    }

    /// A sitting: pages are looked at, help is asked for, something is kept, and it ends.
    async fn study(&self, user: &str) -> anyhow::Result<()> {
        let started = self.post(user, "/session/start", json!({})).await?;
        let session = started["sessionId"].as_str().context("no session")?;
        let mut analysis = Value::Null;
        for page in 0..PAGES {
            analysis = self.upload(user, session, page).await?["analysisId"].take();
        }
        let help = json!({ "sessionId": session, "topic": "Bio" });
        self.post(user, "/help-count", help).await?;
        if analysis.is_string() {
            let kept = json!({ "analysisId": analysis, "note": "again before the test" });
            let kept = self.post(user, "/bookmark", kept).await?;
            let id = kept["bookmarkId"].as_str().context("no bookmark")?;
            self.ask(Method::DELETE, user, &format!("/bookmark/{id}"))
                .await?;
        }
        self.post(user, &format!("/session/{session}/end"), json!({}))
            .await?;
        Ok(())
    }

    async fn read(&self, user: &str) -> anyhow::Result<()> {
        for path in [
            "/session",
            "/session/active",
            "/topic",
            "/topic/daily",
            "/topic/weekly",
            "/help-count",
            "/bookmark",
            "/user/profile",
            "/voice",
        ] {
            self.ask(Method::GET, user, path).await?;
        }
        Ok(())
    }

    /// A question at twice the speed of speech, and then the device is gone.
    async fn talk(&self, user: &str) -> anyhow::Result<()> {
        let url = format!("{}/ws", self.base);
        let device = VoiceClient::connect(&url, &[("X-User-Id", user)]).await;
        let mut device = device.map_err(|refused| anyhow::anyhow!("{refused:?}"))?;
        device.say(json!({ "type": "start" })).await;
        device.event("ready").await;
        let frames = (0..FRAMES).map(|_| vec![0; FRAME_BYTES].into());
        device.speak(frames, Some(FRAME / 2)).await;
        self.requests.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// Connects, begins to send a file, stops, and breaks off.
    async fn stray(&self, user: &str) -> anyhow::Result<()> {
        let url: Url = self.base.parse()?;
        let address = url.socket_addrs(|| None)?;
        let mut socket = TcpStream::connect(&*address).await?;
        let head = format!(
            "POST /api/v1/upload HTTP/1.1\r\nhost: localhost\r\nx-user-id: {user}\r\n\
             content-type: multipart/form-data; boundary=b\r\ncontent-length: 900000\r\n\r\n"
        );
        socket.write_all(head.as_bytes()).await?;
        socket.write_all(&[b'-'; 10_000]).await?;
        tokio::time::sleep(STRAYS_LAST).await;
        Ok(())
    }

    async fn upload(&self, user: &str, session: &str, page: u64) -> anyhow::Result<Value> {
        let mut pages = self.pages.iter().cycle();
        let file = pages.nth(usize::try_from(page)?).cloned();
        let part = Part::bytes(file.unwrap_or_default()).file_name("page.jpg");
        let request = self
            .request(Method::POST, user, "/upload-and-analyze")
            .header("X-Session-Id", session)
            .header("Idempotency-Key", format!("{session}-{page}"))
            .multipart(Form::new().part("image", part));
        self.send(request).await
    }

    async fn post(&self, user: &str, path: &str, body: Value) -> anyhow::Result<Value> {
        self.send(self.request(Method::POST, user, path).json(&body))
            .await
    }

    async fn ask(&self, method: Method, user: &str, path: &str) -> anyhow::Result<Value> {
        self.send(self.request(method, user, path)).await
    }

    fn request(&self, method: Method, user: &str, path: &str) -> reqwest::RequestBuilder {
        let url = format!("{}/api/v1{path}", self.base);
        self.http.request(method, url).header("X-User-Id", user)
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> anyhow::Result<Value> {
        let response = request.send().await?;
        let (status, url) = (response.status(), response.url().clone());
        let mut body: Value = response.json().await?;
        ensure!(status.is_success(), "{url}: {status}: {body}");
        self.requests.fetch_add(1, Ordering::Relaxed);
        Ok(body["data"].take())
    }
}
