//! One system with a server in front of it.

use std::collections::HashMap;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use reqwest::multipart::{Form, Part};
use reqwest::{Client, RequestBuilder, Url};
use serde_json::{Value, json};

use super::calls::{Call, Who};
use crate::load::{self, Size};
use crate::mode::{Ground, borrowed};
use crate::server::{Server, Start};

const PICTURE: &str = "walk/f000.jpg";
const EMAIL: &str = "admin@example.org";
const PASSWORD: &str = "Correct-horse-1";

/// What a system is made with.
pub(super) struct Preparation<'a> {
    pub(super) binary: &'a Path,
    pub(super) model: &'a Url,
    pub(super) ground: &'a Ground,
    /// Where its server keeps what it keeps on disk.
    pub(super) folder: &'a Path,
    /// Of the database and below which objects lie.
    pub(super) name: &'a str,
}

/// A loaded system, its server, and what the student asks for.
pub(super) struct System {
    pub(super) size: Size,
    server: Server,
    http: Client,
    admin: String,
    picture: Vec<u8>,
    words: HashMap<&'static str, String>,
}

impl Preparation<'_> {
    /// Loads the database and starts the server.
    pub(super) async fn load(self, size: Size) -> anyhow::Result<System> {
        std::fs::create_dir_all(self.folder)?;
        let mut settings = self.ground.settings(self.name)?;
        let url = settings.iter().find(|(name, _)| *name == "DATABASE_URL");
        let url = url.map_or_else(|| load::sqlite_url(self.folder), |(_, url)| url.clone());
        eprintln!("{}: {} events", self.name, size.events);
        load::load(&url, size).await?;
        let folder = self.folder.display().to_string();
        settings.push(("SMARTSIGHT_DATA_DIR", folder));
        // Else the second upload of the picture would not be looked at.
        settings.push(("VISION_REUSE", "off".to_owned()));
        let mut operator = Command::new(self.binary);
        operator.envs(borrowed(&settings));
        make_admin(&mut operator)?;
        let server = Server::start(&Start {
            binary: self.binary,
            model: self.model,
            core: None,
            settings: &borrowed(&settings),
        })
        .await?;
        let mut system = System {
            size,
            server,
            http: Client::new(),
            admin: String::new(),
            picture: testkit::data::bytes(PICTURE),
            words: HashMap::new(),
        };
        system.look_around().await?;
        Ok(system)
    }
}

/// There may be one already, of a load before.
fn make_admin(operator: &mut Command) -> anyhow::Result<()> {
    use std::io::Write as _;
    operator.args(["admin", "create-user", EMAIL, "--admin", "--password-stdin"]);
    operator
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut running = operator.spawn().context("the server cannot be started")?;
    let mut input = running.stdin.take().context("no input")?;
    input.write_all(PASSWORD.as_bytes())?;
    drop(input);
    running.wait()?;
    Ok(())
}

impl System {
    /// One call, and how long its whole answer took.
    pub(super) async fn ask(&self, call: &Call) -> anyhow::Result<Duration> {
        let request = if call.is_upload() {
            self.upload()
        } else {
            self.get(call)
        };
        tokio::time::sleep(super::PAUSE).await;
        let begun = Instant::now();
        let answer = request.send().await?;
        let status = answer.status();
        let body = answer.text().await?;
        let time = begun.elapsed();
        ensure!(status.is_success(), "{}: {status}: {body}", call.name);
        Ok(time)
    }

    /// The API document.
    pub(super) async fn document(&self) -> anyhow::Result<Value> {
        let url = format!("{}/api-docs/openapi.json", self.server.base);
        Ok(self.http.get(url).send().await?.json().await?)
    }

    fn get(&self, call: &Call) -> RequestBuilder {
        let mut path = call.name.to_owned();
        for (word, value) in &self.words {
            path = path.replace(&format!("{{{word}}}"), value);
        }
        let request = self.http.get(self.url(&path));
        self.by(call.who, request)
    }

    fn by(&self, who: Who, request: RequestBuilder) -> RequestBuilder {
        match who {
            Who::Student => request.header("X-User-Id", load::name(0)),
            Who::Admin => request.bearer_auth(&self.admin),
        }
    }

    fn url(&self, path: &str) -> String {
        format!("{}/api/v1{path}", self.server.base)
    }

    fn upload(&self) -> RequestBuilder {
        let part = Part::bytes(self.picture.clone()).file_name("image.jpg");
        let session = self.words.get("running").cloned().unwrap_or_default();
        let request = self.http.post(self.url("/upload-and-analyze"));
        self.by(Who::Student, request)
            .header("X-Session-Id", session)
            .multipart(Form::new().part("image", part))
    }

    /// Signs in, begins to study, and finds out what to ask for.
    async fn look_around(&mut self) -> anyhow::Result<()> {
        let account = json!({ "email": EMAIL, "password": PASSWORD });
        let entered = self.post("/auth/login", account).await?;
        self.admin = text(&entered["token"])?;
        self.know("admin", text(&entered["userId"])?);
        let listed = self.read("/session?limit=10").await?;
        let newest = &listed["items"][0];
        self.know("session", text(&newest["sessionId"])?);
        self.know("sessionCursor", text(&listed["nextCursor"])?);
        let day: chrono::DateTime<chrono::Utc> = text(&newest["startedAt"])?.parse()?;
        self.know("day", day.date_naive().to_string());
        let week_ago = day - chrono::TimeDelta::days(6);
        self.know("weekAgo", week_ago.date_naive().to_string());
        let events = self
            .read(&format!(
                "/session/{}/events?limit=10",
                self.words["session"]
            ))
            .await?;
        self.know("eventCursor", text(&events["nextCursor"])?);
        let begun = self.post("/session/start", json!({})).await?;
        self.know("running", text(&begun["sessionId"])?);
        self.upload().send().await?.error_for_status()?;
        Ok(())
    }

    fn know(&mut self, word: &'static str, value: String) {
        self.words.insert(word, value);
    }

    async fn read(&self, path: &str) -> anyhow::Result<Value> {
        let request = self.by(Who::Student, self.http.get(self.url(path)));
        data(request).await
    }

    async fn post(&self, path: &str, body: Value) -> anyhow::Result<Value> {
        let request = self.by(Who::Student, self.http.post(self.url(path)));
        data(request.json(&body)).await
    }
}

async fn data(request: RequestBuilder) -> anyhow::Result<Value> {
    let answer = request.send().await?;
    let status = answer.status();
    let body: Value = answer.json().await?;
    ensure!(status.is_success(), "{status}: {body}");
    Ok(body["data"].clone())
}

fn text(value: &Value) -> anyhow::Result<String> {
    let text = value
        .as_str()
        .with_context(|| format!("{value} is no text"))?;
    Ok(text.to_owned())
}
