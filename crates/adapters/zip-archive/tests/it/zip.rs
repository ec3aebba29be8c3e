//! Zips as another program reads them.

use std::process::Command;

use bytes::Bytes;
use futures_util::StreamExt;
use privacy::{Archive, Compression};
use zip_archive::{ZipBytes, zip_stream};

/// Names and sizes of what Python finds after it has checked every sum; its error otherwise.
fn read_by_python(zip: &[u8]) -> Result<String, String> {
    const SCRIPT: &str = "import sys, zipfile\n\
        z = zipfile.ZipFile(sys.argv[1])\n\
        assert z.testzip() is None\n\
        print([(i.filename, i.file_size, i.compress_type) for i in z.infolist()])";
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, zip).unwrap();
    let mut python = Command::new("python3");
    let output = python
        .args(["-c", SCRIPT])
        .arg(file.path())
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() {
        Ok(text(&output.stdout))
    } else {
        Err(text(&output.stderr))
    }
}

/// All bytes, and whether they came to a good end.
async fn read(mut zip: ZipBytes) -> (Vec<u8>, bool) {
    let mut all = Vec::new();
    while let Some(portion) = zip.next().await {
        let Ok(portion) = portion else {
            return (all, false);
        };
        all.extend_from_slice(&portion);
    }
    (all, true)
}

async fn write_two_files(archive: &mut Box<dyn Archive>) {
    archive.file("a.jsonl", Compression::Packed).await.unwrap();
    for _ in 0..3 {
        archive
            .write(Bytes::from(vec![b'a'; 100_000]))
            .await
            .unwrap();
    }
    archive
        .file("images/b.jpg", Compression::Plain)
        .await
        .unwrap();
    archive
        .write(Bytes::from(vec![7; 1_000_000]))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_finished_archive_is_a_zip_that_other_programs_read() {
    let (mut archive, zip) = zip_stream();
    let reader = tokio::spawn(read(zip));
    write_two_files(&mut archive).await;
    archive.finish().await.unwrap();
    let (zip, is_whole) = reader.await.unwrap();
    assert!(is_whole);
    assert_eq!(
        read_by_python(&zip).unwrap(),
        "[('a.jsonl', 300000, 8), ('images/b.jpg', 1000000, 0)]"
    );
}

#[tokio::test]
async fn an_archive_that_was_broken_off_is_no_zip() {
    let (mut archive, zip) = zip_stream();
    let reader = tokio::spawn(read(zip));
    write_two_files(&mut archive).await;
    drop(archive);
    let (zip, is_whole) = reader.await.unwrap();
    assert!(!is_whole);
    let error = read_by_python(&zip).unwrap_err();
    assert!(error.contains("BadZipFile"), "{error}");
}

#[tokio::test]
async fn whoever_writes_waits_for_the_reader_and_hears_when_it_goes() {
    let (mut archive, zip) = zip_stream();
    archive
        .file("images/b.jpg", Compression::Plain)
        .await
        .unwrap();
    let written = std::cell::Cell::new(0);
    let portion = Bytes::from(vec![7; 1_000_000]);
    let writing = async {
        while archive.write(portion.clone()).await.is_ok() {
            written.set(written.get() + 1);
        }
    };
    let mut writing = std::pin::pin!(writing);
    // Nobody reads: it comes to a halt, so only the reader's going away ends it.
    assert!(futures_util::poll!(&mut writing).is_pending());
    drop(zip);
    writing.await;
    assert!(
        written.get() < 10,
        "megabytes were taken that nobody reads: {written:?}"
    );
}
