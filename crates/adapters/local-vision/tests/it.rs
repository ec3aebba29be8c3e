//! Real photos through the port. Needs the `tesseract` program with English.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail the test")]

use std::num::NonZeroUsize;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use bytes::Bytes;
use imaging::{Imaging, Limits};
use local_vision::{LocalVision, Settings};
use sessions::ContentAnalysis;
use topics::AliasTable;
use vision::{
    Bill, ImageInput, ImagePreparer, ModelError, Sighting, TextWitness, View, VisionModel,
};

async fn view(file: &str) -> View {
    let bytes = testkit::data::bytes(file).into();
    let spec = VisionModel::view(&LocalVision::new(Settings::default()));
    let prepared = Imaging::new(Limits::default()).prepare(bytes, spec).await;
    prepared.unwrap().view
}

async fn look(settings: Settings, view: View) -> Result<Sighting, ModelError> {
    let input = ImageInput {
        view,
        link: None,
        student: "s".to_owned(),
        within: Duration::from_mins(5),
        bill: Bill::default(),
    };
    LocalVision::new(settings).analyze(&input).await
}

async fn seen(file: &str) -> ContentAnalysis {
    look(Settings::default(), view(file).await)
        .await
        .unwrap()
        .content
}

fn canonical(seen: &ContentAnalysis) -> String {
    let table = AliasTable::default();
    table.canonical(seen.topic.as_deref()).as_str().to_owned()
}

#[tokio::test]
async fn the_subjects_of_pages_are_told() {
    for (file, subject) in [
        ("pages/p01.jpg", "Bio"),
        ("pages/p04.jpg", "Math"),
        ("pages/p09.jpg", "English"),
        ("pages/p12.jpg", "Chem"),
        ("walk/f000.jpg", "Bio"),
        ("walk/f030.jpg", "Chem"),
    ] {
        let seen = seen(file).await;
        assert_eq!(canonical(&seen), subject, "{file}");
        assert!(seen.is_studying && !seen.is_distracted, "{file}");
    }
}

#[tokio::test]
async fn scenes_without_study_are_not_studying_and_nothing_is_read_into_them() {
    for file in [
        "photos/r07.jpg",
        "photos/r17.jpg",
        "walk/f045.jpg",
        "walk/f048.jpg",
    ] {
        let seen = seen(file).await;
        assert!(
            !seen.is_studying && !seen.is_active && seen.is_distracted,
            "{file}"
        );
        assert_eq!((seen.topic, seen.subtopic), (None, None), "{file}");
        assert_eq!(seen.extracted_text, "", "{file}");
    }
}

/// The share of the words of a sentence that were read, in order.
fn share_read(text: &str, sentence: &str) -> f64 {
    let mut read = text.split_whitespace();
    let (mut found, mut all) = (0_u32, 0_u32);
    for word in sentence.split_whitespace() {
        let before = read.clone();
        all += 1;
        if read.any(|candidate| candidate == word) {
            found += 1;
        } else {
            read = before;
        }
    }
    f64::from(found) / f64::from(all)
}

#[tokio::test]
async fn a_bulging_leaning_page_is_read_in_order() {
    let seen = seen("pages/p01.jpg").await;
    assert_eq!(seen.subtopic.as_deref(), Some("Photosynthesis"));
    let sentence = "Embedded in the thylakoid membrane is chlorophyll, a pigment (molecule that \
                    absorbs light) responsible for the initial interaction between light and plant \
                    material, and numerous proteins that make up the electron transport chain.";
    assert!(
        share_read(&seen.extracted_text, sentence) > 0.9,
        "{}",
        seen.extracted_text
    );
}

#[tokio::test]
async fn light_letters_on_a_dark_ground_are_read() {
    let seen = seen("photos/r05.png").await;
    assert_eq!(canonical(&seen), "CS");
    assert!(seen.extracted_text.contains("Rust is blazingly fast"));
}

/// A quarter to the right.
fn turned(view: &View) -> View {
    let View::Grey {
        pixels,
        width,
        height,
    } = view
    else {
        panic!("local vision asks for grey");
    };
    let (w, h) = (*width as usize, *height as usize);
    let column = |x: usize| (0..h).rev().map(move |y| y * w + x);
    let pixels = (0..w)
        .flat_map(column)
        .map(|at| pixels[at])
        .collect::<Bytes>();
    View::Grey {
        pixels,
        width: *height,
        height: *width,
    }
}

#[tokio::test]
async fn a_page_is_read_whichever_way_it_lies() {
    let mut view = view("walk/f000.jpg").await;
    for quarters in 1..=3 {
        view = turned(&view);
        let seen = look(Settings::default(), view.clone())
            .await
            .unwrap()
            .content;
        assert_eq!(canonical(&seen), "Bio", "after {quarters} quarters");
        let text = &seen.extracted_text;
        assert!(
            text.contains("interphase"),
            "after {quarters} quarters: {text}"
        );
    }
}

fn grey(width: u32, height: u32) -> View {
    let pixels = vec![200; (width * height) as usize].into();
    View::Grey {
        pixels,
        width,
        height,
    }
}

#[tokio::test]
async fn blank_and_tiny_pictures_are_not_studying() {
    for (width, height) in [(1, 1), (3, 2), (4096, 1), (1, 700), (640, 480)] {
        let seen = look(Settings::default(), grey(width, height))
            .await
            .unwrap()
            .content;
        assert!(!seen.is_studying, "{width} × {height}");
    }
}

#[tokio::test]
async fn where_the_program_is_missing_the_error_says_what_to_install() {
    let settings = Settings {
        program: "no-such-tesseract".into(),
        ..Settings::default()
    };
    let error = LocalVision::new(settings.clone())
        .check()
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("apt-get install tesseract-ocr"),
        "{error}"
    );
    let error = look(settings, view("pages/p12.jpg").await)
        .await
        .unwrap_err();
    assert!(matches!(error, ModelError::Unavailable(_)), "{error}");
}

#[tokio::test]
async fn where_a_language_is_missing_the_error_says_what_to_install() {
    let settings = Settings {
        languages: "eng+xyz".to_owned(),
        ..Settings::default()
    };
    let error = LocalVision::new(settings).check().await.unwrap_err();
    assert!(error.to_string().contains("tesseract-ocr-xyz"), "{error}");
}

#[tokio::test]
async fn the_installed_program_passes_the_check() {
    let version = LocalVision::new(Settings::default()).check().await.unwrap();
    assert!(version.starts_with("tesseract"), "{version}");
}

/// A program that does what the shell is told, in place of the reader.
fn program(directory: &tempfile::TempDir, script: &str) -> Settings {
    let path = directory.path().join("reader");
    std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    Settings {
        program: path,
        deadline: Duration::from_secs(2),
        ..Settings::default()
    }
}

#[tokio::test]
async fn a_reader_that_hangs_is_given_up_at_the_deadline() {
    let directory = tempfile::tempdir().unwrap();
    let settings = program(&directory, "exec sleep 600");
    let error = look(settings, view("walk/f000.jpg").await)
        .await
        .unwrap_err();
    assert!(matches!(error, ModelError::Timeout), "{error}");
}

#[tokio::test(start_paused = true)]
async fn the_wait_for_a_turn_is_within_the_deadline() {
    let directory = tempfile::tempdir().unwrap();
    let settings = Settings {
        processes: NonZeroUsize::MIN,
        ..program(&directory, "exec sleep 600")
    };
    let (model, deadline) = (LocalVision::new(settings.clone()), settings.deadline);
    let image = ImageInput {
        view: view("walk/f000.jpg").await,
        link: None,
        student: "s".to_owned(),
        within: Duration::from_mins(5),
        bill: Bill::default(),
    };
    let begun = tokio::time::Instant::now();
    let (first, second) = tokio::join!(model.analyze(&image), model.analyze(&image));
    assert!(matches!(first, Err(ModelError::Timeout)), "{first:?}");
    assert!(matches!(second, Err(ModelError::Timeout)), "{second:?}");
    assert_eq!(begun.elapsed().as_secs(), deadline.as_secs());
}

#[tokio::test]
async fn a_reader_that_fails_is_reported_with_its_last_words() {
    let directory = tempfile::tempdir().unwrap();
    let settings = program(&directory, "echo 'out of paper' >&2; exit 3");
    let error = look(settings, view("walk/f000.jpg").await)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("out of paper"), "{error}");
}

async fn glanced(file: &str) -> Option<bool> {
    let witness = LocalVision::new(Settings::default());
    let bytes = testkit::data::bytes(file).into();
    let spec = TextWitness::view(&witness);
    let prepared = Imaging::new(Limits::default()).prepare(bytes, spec).await;
    witness.sees_text(&prepared.unwrap().view).await
}

#[tokio::test]
async fn a_glance_tells_pages_from_scenes_without_text() {
    for file in [
        "pages/p01.jpg",
        "pages/p09.jpg",
        "walk/f000.jpg",
        "walk/f030.jpg",
    ] {
        assert_eq!(glanced(file).await, Some(true), "{file}");
    }
    for file in ["photos/r07.jpg", "photos/r17.jpg", "walk/f045.jpg"] {
        assert_ne!(glanced(file).await, Some(true), "{file}");
    }
}

/// What cannot be read may be writing: nothing is disputed then.
#[tokio::test]
async fn a_glance_never_denies_text_that_there_is() {
    let manifest = testkit::data::json("manifest.json");
    for part in ["pages", "photos"] {
        for photo in manifest[part].as_array().unwrap() {
            let has_text = photo["text"].as_str().is_some_and(|text| text.len() > 40);
            if has_text {
                let file = photo["file"].as_str().unwrap();
                assert_ne!(glanced(file).await, Some(false), "{file}");
            }
        }
    }
}
