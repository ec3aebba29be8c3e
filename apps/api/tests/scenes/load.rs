//! Twenty people who upload pages until each is answered with 200.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use http_api::ErrorCode;
use reqwest::multipart::{Form, Part};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::chance::Chance;

pub(crate) const STUDENTS: usize = 20;
pub(crate) const PAGES_EACH: usize = 25;
/// One request in so many is broken off by the client, and sent again.
const BROKEN_OFF: u64 = 12;
const PAUSE: Duration = Duration::from_millis(250);
/// How long one page may be tried; longer than any fault here lasts.
const PATIENCE: Duration = Duration::from_secs(80);

/// What may happen besides the errors of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Server {
    /// Each request gets an answer.
    Stays,
    /// Connections may break and be refused.
    Falls,
}

/// Uploads under way.
pub(crate) struct Load {
    students: JoinSet<Student>,
    done: watch::Receiver<usize>,
    told: Arc<Mutex<BTreeMap<String, usize>>>,
}

/// What somebody has uploaded.
#[derive(Debug)]
pub(crate) struct Student {
    pub(crate) name: String,
    pub(crate) session: String,
    pub(crate) pages: Vec<Page>,
}

/// A page and the `data` of its 200.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) file: Vec<u8>,
    pub(crate) answer: Value,
}

impl Load {
    /// Begins at once.
    pub(crate) fn begin(base: &str, chance: &Chance, server: Server) -> Self {
        let (count, done) = watch::channel(0);
        let (count, told) = (Arc::new(count), Arc::default());
        let small = Arc::new(small_pages());
        let mut students = JoinSet::new();
        for number in 0..STUDENTS {
            let mut student = Uploader {
                http: Client::builder().no_proxy().build().unwrap(),
                base: base.to_owned(),
                name: format!("student-{number}"),
                chance: chance.of(number as u64),
                server,
                told: Arc::clone(&told),
            };
            let (small, count) = (Arc::clone(&small), Arc::clone(&count));
            students.spawn(async move {
                let session = student.start_session().await;
                let mut pages = Vec::new();
                for page in 0..PAGES_EACH {
                    let id = number * PAGES_EACH + page;
                    let file = distinct(&small[id % small.len()], id);
                    let answer = student.upload(&file, &session, id).await;
                    count.send_modify(|count| *count += 1);
                    pages.push(Page { file, answer });
                }
                let Uploader { name, .. } = student;
                Student {
                    name,
                    session,
                    pages,
                }
            });
        }
        Self {
            students,
            done,
            told,
        }
    }

    /// Waits until so many pages are answered.
    pub(crate) async fn reaches(&mut self, pages: usize) {
        let reached = self.done.wait_for(|done| *done >= pages).await;
        assert!(reached.is_ok(), "the load ended before {pages} pages");
    }

    /// Waits for everybody; tells how often each answer came.
    pub(crate) async fn finish(self) -> Vec<Student> {
        let students = self.students.join_all().await;
        eprintln!("answers: {:?}", self.told.lock().unwrap());
        students
    }
}

/// Somebody who uploads.
struct Uploader {
    http: Client,
    base: String,
    name: String,
    chance: Chance,
    server: Server,
    told: Arc<Mutex<BTreeMap<String, usize>>>,
}

impl Uploader {
    async fn start_session(&mut self) -> String {
        let started = self.insist("start", |uploader| {
            uploader.request("/api/session/start").json(&json!({}))
        });
        let started = started.await;
        started["sessionId"].as_str().unwrap().to_owned()
    }

    async fn upload(&mut self, file: &[u8], session: &str, id: usize) -> Value {
        let key = format!("page-{id}");
        let uploaded = self.insist(&key, |uploader| {
            let image = Part::bytes(file.to_vec()).file_name("page.jpg");
            uploader
                .request("/api/upload-and-analyze")
                .header("X-Session-Id", session)
                .multipart(Form::new().part("image", image))
        });
        uploaded.await
    }

    fn request(&self, path: &str) -> RequestBuilder {
        let request = self.http.post(format!("{}{path}", self.base));
        request.header("X-User-Id", &self.name)
    }

    /// Sends the request under one key until it is answered with 200 and the answer arrives.
    async fn insist(&mut self, key: &str, request: impl Fn(&Self) -> RequestBuilder) -> Value {
        let begun = Instant::now();
        loop {
            let request = request(self).header("Idempotency-Key", key);
            let told = match self.outcome(request).await {
                Ok(answer) => return answer,
                Err(told) => told,
            };
            assert!(begun.elapsed() < PATIENCE, "{} {key}: {told}", self.name);
            *self.told.lock().unwrap().entry(told).or_default() += 1;
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// The `data` of a 200, or in a word what came instead.
    async fn outcome(&mut self, request: RequestBuilder) -> Result<Value, String> {
        let exchange = async {
            let response = request.send().await?;
            whole(response).await
        };
        let patience = match self.chance.below(BROKEN_OFF) {
            0 => Duration::from_millis(self.chance.below(600)),
            _ => PATIENCE,
        };
        match tokio::time::timeout(patience, exchange).await {
            Err(_) => Err("broken off".to_owned()),
            Ok(Ok((status, body))) => self.judge(status, body),
            Ok(Err(error)) => {
                assert_eq!(self.server, Server::Falls, "no answer: {error:?}");
                Err("no answer".to_owned())
            }
        }
    }

    /// An answer is 200 or an error of the catalogue that tells of a fault elsewhere.
    fn judge(&self, status: StatusCode, mut body: Value) -> Result<Value, String> {
        if status == StatusCode::OK {
            return Ok(body["data"].take());
        }
        let told = body["error"]["code"].as_str().unwrap_or_default();
        let known = ErrorCode::ALL.iter().find(|code| code.as_str() == told);
        let known = known.unwrap_or_else(|| panic!("{}: {status} {body}", self.name));
        assert_eq!(known.status().as_u16(), status.as_u16(), "{body}");
        let passes = status.is_server_error() && *known != ErrorCode::Internal
            || *known == ErrorCode::IdempotencyInProgress;
        assert!(passes, "{}: {status} {body}", self.name);
        Err(told.to_owned())
    }
}

async fn whole(response: Response) -> reqwest::Result<(StatusCode, Value)> {
    let status = response.status();
    Ok((status, response.json().await?))
}

/// Real pages, made small so that hundreds are decoded in no time.
fn small_pages() -> Vec<Vec<u8>> {
    let names = ["p01", "p03", "p05", "p09"];
    names.iter().map(|name| small(name)).collect()
}

fn small(name: &str) -> Vec<u8> {
    let page = testkit::data::bytes(&format!("pages/{name}.jpg"));
    let page = image::load_from_memory(&page).unwrap().thumbnail(480, 480);
    let mut jpeg = std::io::Cursor::new(Vec::new());
    let written = page.to_rgb8().write_to(&mut jpeg, image::ImageFormat::Jpeg);
    written.unwrap();
    jpeg.into_inner()
}

/// The same page with a comment of its own after the first marker of the JPEG.
fn distinct(jpeg: &[u8], number: usize) -> Vec<u8> {
    let (start, rest) = jpeg.split_at(2);
    [
        start,
        b"\xff\xfe\x00\x0a",
        format!("{number:08}").as_bytes(),
        rest,
    ]
    .concat()
}
