//! Talks with the tutor, from the device to the model and back.

use audio_dsp::{Conversion, Quality, Resampler, f32_le_samples, to_pcm16};
use serde_json::json;
use testkit::sim::realtime::{Answer, RealtimeScript, voice};
use testkit::voice_client::{VoiceClient, f32_frames};

use crate::harness::{Model, Server, Setup, pause, question};

/// Odd sizes, one sample to the largest frame.
const SIZES: &[usize] = &[4, 1280, 12, 4096, 636, 65_536, 20, 9_600];
/// Samples on the way that no queue drops.
const AHEAD: u64 = 24_000;

async fn started(model: &Model) -> (Server, VoiceClient) {
    let server = Setup::embedded(&model.url()).start().await;
    let mut device = server.device("ada", "").await;
    device.say(json!({"type": "start"})).await;
    device.event("ready").await;
    (server, device)
}

/// What the audio library makes of all of it at once.
fn at_once(sound: &[u8]) -> Vec<i16> {
    let pcm: Vec<i16> = f32_le_samples(sound).unwrap().map(to_pcm16).collect();
    let mut made = Vec::new();
    let whole = pcm.len() / 320 * 320;
    Resampler::new(Conversion::From16To24, Quality::Voice).process_into(&pcm[..whole], &mut made);
    made.truncate(made.len() / 480 * 480);
    made
}

#[tokio::test]
async fn what_is_said_goes_up_as_the_audio_library_makes_it_however_it_was_cut() {
    let model = Model::start().await;
    let (_server, mut device) = started(&model).await;
    let upstream = model.realtime().connection(1).await;
    let sound = testkit::data::bytes("speech/jfk.f32le");
    let mut said = 0;
    for frame in f32_frames(&sound, SIZES) {
        said += frame.len() as u64 / 4 * 3 / 2;
        device.speak([frame], None).await;
        upstream
            .wait_for("sound", |r| r.received_samples + AHEAD >= said)
            .await;
    }
    let expected = at_once(&sound);
    upstream
        .wait_for("all sound", |r| r.sound.len() >= expected.len())
        .await;
    assert!(upstream.read(|record| record.sound == expected));
    assert_eq!(device.events_of("backpressure").len(), 0);
}

#[tokio::test]
async fn the_answer_to_a_spoken_question_is_heard_to_its_last_millisecond() {
    let model = Model::start().await;
    let answer = Answer::say_for("Plants make sugar from light.", 1500);
    model
        .realtime()
        .script(RealtimeScript::new().queue([answer]));
    let (_server, mut device) = started(&model).await;
    let sound = [question(), pause()].concat();
    device.speak(f32_frames(&sound, &[1280]), None).await;
    device.event("response_done").await;
    let heard = voice::spans(&voice::samples(device.audio()));
    let whole = voice::Span {
        answer: 1,
        from_ms: 0,
        to_ms: 1500,
    };
    assert_eq!(heard, [whole]);
}

/// A device with nothing but a session in its address, as phones in the field are.
#[tokio::test]
async fn a_talk_is_kept_with_words_tokens_and_sound() {
    let model = Model::start().await;
    let answer = Answer::say_for("Plants make sugar from light.", 1500);
    model
        .realtime()
        .script(RealtimeScript::new().queue([answer]));
    let server = Setup::embedded(&model.url()).start().await;
    let ada = server.client("ada");
    let session = ada.start_session().await;
    let mut device = server.device("ada", &format!("?sessionId={session}")).await;
    let id = device.event("ready").await["voiceSessionId"].clone();
    let sound = [question(), pause()].concat();
    device.speak(f32_frames(&sound, &[1280]), None).await;
    let answered = device.event("response_started").await["itemId"].clone();
    device.event("response_done").await;
    let played = json!({"type": "played", "itemId": answered, "ms": 1500});
    device.say(played).await;
    let device = device.end().await;
    let talk = ada.stored_talk(&id, &["input", "output"]).await;
    assert_eq!(talk["sessionId"], session.as_str());
    assert_eq!(talk["endReason"], "client");
    let turns = talk["transcript"].as_array().unwrap();
    let said: Vec<_> = turns
        .iter()
        .map(|turn| (&turn["role"], &turn["text"]))
        .collect();
    let words = [
        json!("Can you explain photosynthesis?"),
        json!("Plants make sugar from light."),
    ];
    let (user, assistant) = (json!("user"), json!("assistant"));
    assert_eq!(said, [(&user, &words[0]), (&assistant, &words[1])]);
    assert!(talk["usage"]["output"]["audio"].as_u64().unwrap() > 0);
    assert!(talk["costMicros"].as_u64().unwrap() > 0);
    let input = recording(&talk["recordings"]["input"], 16_000).await;
    let pcm: Vec<i16> = f32_le_samples(&sound).unwrap().map(to_pcm16).collect();
    assert!(input == voice::bytes(&pcm));
    let output = recording(&talk["recordings"]["output"], 24_000).await;
    assert!(output == device.audio());
    assert_eq!(
        ada.get("/api/v1/voice").await.data()["items"][0]["voiceSessionId"],
        id
    );
    let path = format!("/api/v1/voice/{}", id.as_str().unwrap());
    let others = server.client("eve").get(&path).await.error();
    assert_eq!(others, (404, "VOICE_SESSION_NOT_FOUND".to_owned()));
}

/// The sound of a WAV file behind a link.
async fn recording(link: &serde_json::Value, rate: u32) -> Vec<u8> {
    let answer = reqwest::get(link["url"].as_str().unwrap()).await.unwrap();
    assert_eq!(answer.headers()["content-type"], "audio/wav");
    let file = answer.bytes().await.unwrap();
    let (header, begin) = audio_dsp::wav::Header::parse(&file).unwrap();
    assert_eq!(
        header,
        audio_dsp::wav::Header::new(rate, (file.len() - begin) as u64)
    );
    file[begin..].to_vec()
}

fn instructions(connection: &testkit::sim::realtime::RealtimeConnection) -> String {
    let session = connection.read(|record| record.session.clone());
    session["instructions"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[tokio::test]
async fn what_lies_on_the_desk_reaches_the_model_if_its_topic_may() {
    let model = Model::start().await;
    let setup = Setup::embedded(&model.url()).with("VISION_REUSE", "off");
    let server = setup.start().await;
    let ada = server.client("ada");
    let session = ada.start_session().await;
    let mut device = server.device("ada", &format!("?sessionId={session}")).await;
    device.event("ready").await;
    let upstream = model.realtime().connection(1).await;
    for (topic, text) in [
        ("History", "the fall of Rome"),
        ("Biology", "chlorophyll is green"),
    ] {
        model.says(topic, "", text);
        ada.upload(crate::harness::page(), "p.jpg", Some(&session))
            .await
            .data();
    }
    let told = |record: &testkit::sim::realtime::RealtimeRecord| {
        record.session["instructions"]
            .as_str()
            .unwrap_or_default()
            .contains("chlorophyll")
    };
    upstream.wait_for("what lies on the desk", told).await;
    assert!(!instructions(&upstream).contains("Rome"));
    let mut topics = Vec::new();
    while topics.is_empty() {
        let context = device.event("context").await;
        let entries = context["entries"].as_array().unwrap().clone();
        topics = entries.iter().map(|entry| entry["topic"].clone()).collect();
    }
    assert_eq!(topics, ["Bio"]);
}

#[tokio::test]
async fn a_server_that_is_stopped_says_so_and_keeps_what_was_said() {
    let model = Model::start().await;
    let (server, mut device) = started(&model).await;
    let id = device.events()[0]["voiceSessionId"].clone();
    device.speak(f32_frames(&question(), &[1280]), None).await;
    server.terminate();
    assert_eq!(device.event("error").await["code"], "GOING_AWAY");
    assert_eq!(device.closed().await.code, Some(1001));
    let server = server.restart_when_ended().await;
    let talk = server.client("ada").stored_talk(&id, &["input"]).await;
    assert_eq!(talk["endReason"], "GOING_AWAY");
}
