//! What a provider gets to see.

use crate::harness::{Model, Setup, page};

#[tokio::test]
async fn without_a_public_address_the_scaled_bytes_are_sent() {
    let model = Model::start().await;
    model.says("Biology", "", "x");
    let server = Setup::embedded(&model.url()).start().await;
    server
        .client("ada")
        .upload(testkit::data::bytes("pages/p02.jpg"), "p.jpg", None)
        .await
        .data();
    assert!(
        model
            .newest_image_url()
            .starts_with("data:image/jpeg;base64,")
    );
    assert_eq!(model.newest_image_sides(), (1200, 1600));
}

#[tokio::test]
async fn with_a_public_address_a_link_to_a_scaled_copy_is_sent() {
    let model = Model::start().await;
    model.says("Biology", "", "x");
    let (setup, stores) = Setup::production(&model.url());
    let server = setup
        .with("SMARTSIGHT_PUBLIC_URL", "https://study.example")
        .start()
        .await;
    let answer = server.client("ada").upload(page(), "p.jpg", None).await;
    let sent = model.newest_image_url();
    assert!(sent.starts_with(stores.s3.endpoint().as_str()), "{sent}");
    let original = answer.data()["s3Url"].as_str().unwrap();
    assert_ne!(sent.split('?').next(), original.split('?').next());
    let copy = reqwest::get(&sent).await.unwrap().bytes().await.unwrap();
    assert!(copy.starts_with(&[0xFF, 0xD8]) && copy.len() < page().len() * 2);
}

#[tokio::test]
async fn the_place_where_a_photo_was_taken_never_reaches_a_provider() {
    let model = Model::start().await;
    model.says("Biology", "", "x");
    let server = Setup::embedded(&model.url()).start().await;
    let photo = testkit::data::bytes("bad/progressive-orientation-6.jpg");
    assert!(contains(&photo, b"Exif"));
    server
        .client("ada")
        .upload(photo, "p.jpg", None)
        .await
        .data();
    assert!(!contains(&model.newest_image(), b"Exif"));
    assert_eq!(model.newest_image_sides(), (1080, 1440));
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
