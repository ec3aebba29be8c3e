//! Vision on this machine, without any key.

use crate::harness::{Model, Setup, page};

#[tokio::test]
async fn a_page_is_read_and_a_flower_is_nothing_to_study() {
    let server = Setup::default().start().await;
    let client = server.client("ada");
    let read = client.upload(page(), "p.jpg", None).await.data()["analysis"].clone();
    assert_eq!(read["topicEnum"], "Bio");
    let text = read["contentAnalysis"]["extractedText"].as_str().unwrap();
    assert!(text.contains("photosynthesis"), "{text}");
    let flower = testkit::data::bytes("photos/r17.jpg");
    let seen = client.upload(flower, "f.jpg", None).await.data()["analysis"].clone();
    assert_eq!(seen["contentAnalysis"]["isStudying"], false);
    assert_eq!(seen["topicEnum"], "Unknown");
    assert_eq!(seen["contentAnalysis"]["extractedText"], "");
}

#[tokio::test]
async fn without_the_reader_the_server_starts_and_the_answer_says_what_is_wrong() {
    let server = Setup::default().with("PATH", "/nowhere").start().await;
    let answer = server.client("ada").upload(page(), "p.jpg", None).await;
    assert_eq!(answer.error(), (502, "VISION_UNAVAILABLE".to_owned()));
    assert!(server.log().contains("apt-get install"), "{}", server.log());
}

#[tokio::test]
async fn when_the_first_provider_is_away_the_next_one_answers() {
    let model = Model::start().await;
    model.fails(testkit::sim::Fault::ServerError);
    let setup = Setup::embedded(&model.url()).with("VISION_PROVIDERS", "openai,local");
    let server = setup.start().await;
    let answer = server.client("ada").upload(page(), "p.jpg", None).await;
    assert_eq!(answer.data()["analysis"]["topicEnum"], "Bio");
    assert!(model.calls() > 0);
}
