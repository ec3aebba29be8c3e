//! Twenty people who upload pages until each is answered with 200.

use std::sync::Arc;

use image::RgbImage;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::chance::Chance;
use super::insist::{Insistent, Server, Told};

pub(crate) const STUDENTS: usize = 20;
pub(crate) const PAGES_EACH: usize = 25;
/// Uploads under way.
pub(crate) struct Load {
    students: JoinSet<Student>,
    done: watch::Receiver<usize>,
    told: Told,
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
        let (count, told) = (Arc::new(count), Told::default());
        let small = Arc::new(small_pages());
        let mut students = JoinSet::new();
        for number in 0..STUDENTS {
            let who = (base, format!("student-{number}"));
            let mut student = Insistent::new(who, server, chance.of(number as u64), &told);
            let (small, count) = (Arc::clone(&small), Arc::clone(&count));
            students.spawn(async move {
                let session = start_session(&mut student).await;
                let mut pages = Vec::new();
                for page in 0..PAGES_EACH {
                    let id = number * PAGES_EACH + page;
                    let file = distinct(&small[id % small.len()], id);
                    let answer = upload(&mut student, &file, &session, id).await;
                    count.send_modify(|count| *count += 1);
                    pages.push(Page { file, answer });
                }
                let name = student.name().to_owned();
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

async fn start_session(student: &mut Insistent) -> String {
    let started = student.insist("start", |student| {
        student.post("/api/session/start").json(&json!({}))
    });
    let started = started.await;
    started["sessionId"].as_str().unwrap().to_owned()
}

/// Uploads the page of this number; no two pages have the same one.
async fn upload(student: &mut Insistent, file: &[u8], session: &str, id: usize) -> Value {
    let key = format!("page-{id}");
    let uploaded = student.insist(&key, |student| {
        let image = Part::bytes(file.to_vec()).file_name("page.jpg");
        student
            .post("/api/upload-and-analyze")
            .header("X-Session-Id", session)
            .multipart(Form::new().part("image", image))
    });
    uploaded.await
}

/// Real pages, made small so that hundreds are decoded in no time.
fn small_pages() -> Vec<RgbImage> {
    let names = ["p01", "p03", "p05", "p09"];
    names.iter().map(|name| small(name)).collect()
}

fn small(name: &str) -> RgbImage {
    let page = testkit::data::bytes(&format!("pages/{name}.jpg"));
    let page = image::load_from_memory(&page).unwrap().thumbnail(480, 480);
    page.to_rgb8()
}

/// The same page with a number of its own in a corner, in black and white squares. A number beside
/// the pixels would not lie in the store: what is written there is cut off.
fn distinct(page: &RgbImage, number: usize) -> Vec<u8> {
    const SQUARE: u32 = 8;
    let mut page = page.clone();
    for (x, y) in (0..16 * SQUARE).flat_map(|x| (0..SQUARE).map(move |y| (x, y))) {
        let is_set = number >> (x / SQUARE) & 1 == 1;
        page.put_pixel(x, y, image::Rgb([if is_set { 0 } else { 255 }; 3]));
    }
    let mut jpeg = std::io::Cursor::new(Vec::new());
    let written = page.write_to(&mut jpeg, image::ImageFormat::Jpeg);
    written.unwrap();
    jpeg.into_inner()
}
