//! Broken, hostile and unusual files.

use reqwest::multipart::{Form, Part};

use crate::harness::{Model, Setup};

/// What each file of the collection must be answered with; `None` is a success.
const EXPECTED: &[(&str, Option<&str>)] = &[
    ("truncated.jpg", Some("NOT_AN_IMAGE")),
    ("png-inside.jpg", None),
    ("jpeg-inside.png", None),
    ("text.jpg", Some("NOT_AN_IMAGE")),
    ("empty.jpg", Some("NOT_AN_IMAGE")),
    ("one-pixel.png", None),
    ("bomb-30000.png", Some("NOT_AN_IMAGE")),
    ("bomb-header.png", Some("NOT_AN_IMAGE")),
    ("exif-orientation-99.jpg", None),
    ("exif-broken.jpg", None),
    ("progressive-orientation-6.jpg", None),
    ("animated.gif", Some("NOT_AN_IMAGE")),
    ("drawing.svg", Some("NOT_AN_IMAGE")),
    ("page.pdf", Some("NOT_AN_IMAGE")),
    ("cmyk.jpg", None),
    ("sixteen-bit.png", None),
    ("alpha.png", None),
    ("grey.jpg", None),
    ("photo.webp", None),
    ("photo.heic", Some("NOT_AN_IMAGE")),
    ("photo.avif", Some("NOT_AN_IMAGE")),
    ("wide.png", None),
    ("big-11mb.jpg", Some("FILE_TOO_LARGE")),
];

/// Files that say more than their pixels: they are kept clean, and as they came beside.
const TALKATIVE: [&str; 3] = [
    "exif-orientation-99.jpg",
    "exif-broken.jpg",
    "progressive-orientation-6.jpg",
];

/// More than the server needs for any of them, less than one of the bombs would take.
const MEMORY_LIMIT_BYTES: u64 = 600 * 1024 * 1024;

#[tokio::test]
async fn every_bad_file_has_its_answer_and_leaves_nothing_behind() {
    let model = Model::start().await;
    let server = Setup::embedded(&model.url()).start().await;
    let client = server.client("ada");
    let mut stored = 0;
    for (file, code) in EXPECTED {
        model.says("Bio", "", "x");
        let form = Form::new().part(
            "image",
            Part::bytes(testkit::data::bytes(&format!("bad/{file}"))).file_name(*file),
        );
        let answer = client.upload_form(form, None).await;
        match code {
            Some(code) => assert_eq!(answer.error(), (400, (*code).to_owned()), "{file}"),
            None => assert!(answer.data()["analysisId"].is_string(), "{file}"),
        }
        let copies = 1 + usize::from(TALKATIVE.contains(file));
        stored += code.map_or(copies, |_| 0);
        assert_eq!(server.stored_objects(), stored, "{file}");
    }
    assert!(
        server.peak_memory() < MEMORY_LIMIT_BYTES,
        "{} bytes",
        server.peak_memory()
    );
    let collection = testkit::data::path("bad").read_dir().unwrap().count();
    assert_eq!(
        EXPECTED.len(),
        collection,
        "a file of the collection has no expectation"
    );
}
