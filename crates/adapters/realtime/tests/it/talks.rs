//! Whole talks with the simulator.

use bytes::Bytes;
use realtime::{Realtime, RealtimeSettings};
use serde_json::json;
use testkit::python::validate_realtime_client_events;
use testkit::sim::realtime::{Answer, Deed, RealtimeEnd, RealtimeScript, voice as marks};
use testkit::sim::{SimOptions, Simulator};
use voice::model::{
    CallRequest, ErrorClass, ModelCommand, ModelEvent, ModelLink, NewItem, RealtimeModel as _,
    ResponseStatus, Retry, SessionConfig, TurnDetection,
};

use crate::given::{STUDENT, lost, next};

const KEY: &str = "sk-right";

async fn simulator(script: RealtimeScript) -> Simulator {
    let simulator = Simulator::start_with(SimOptions {
        keys: Some(vec![KEY.to_owned()]),
        models: Some(vec!["sim-realtime".to_owned()]),
        ..SimOptions::default()
    })
    .await;
    simulator.realtime().script(script);
    simulator
}

async fn connect(simulator: &Simulator, key: &str) -> Box<dyn ModelLink> {
    let url = RealtimeSettings::url_beside(&simulator.base_url()).unwrap();
    let settings = RealtimeSettings {
        api_key: Some(key.into()),
        transcription_model: Some("sim-transcribe".to_owned()),
        ..RealtimeSettings::new(url, "sim-realtime")
    };
    let model = Realtime::new(settings).unwrap();
    model.connect(STUDENT).await.unwrap()
}

/// A session that is configured.
async fn session(simulator: &Simulator, turn_detection: TurnDetection) -> Box<dyn ModelLink> {
    let mut link = connect(simulator, KEY).await;
    link.send(ModelCommand::Configure(Box::new(SessionConfig {
        instructions: "Be kind.".to_owned(),
        voice: "marin".to_owned(),
        language: Some("en".to_owned()),
        turn_detection,
        tools: Vec::new(),
    })));
    until(&mut *link, |event| *event == ModelEvent::SessionUpdated).await;
    link
}

/// All events up to the first that is wanted, which is the last.
async fn until(link: &mut dyn ModelLink, wanted: impl Fn(&ModelEvent) -> bool) -> Vec<ModelEvent> {
    let mut events = Vec::new();
    loop {
        let event = next(link).await.unwrap();
        let found = wanted(&event);
        events.push(event);
        if found {
            return events;
        }
    }
}

async fn until_done(link: &mut dyn ModelLink) -> Vec<ModelEvent> {
    until(link, |event| {
        matches!(event, ModelEvent::ResponseDone { .. })
    })
    .await
}

fn ask(link: &mut dyn ModelLink, text: &str) {
    let item = NewItem::UserText(text.to_owned());
    link.send(ModelCommand::Add { id: None, item });
    link.send(ModelCommand::CreateResponse);
}

fn sound(events: &[ModelEvent]) -> Vec<u8> {
    let pcm = events.iter().filter_map(|event| match event {
        ModelEvent::AnswerAudio { pcm, .. } => Some(pcm.clone()),
        _ => None,
    });
    pcm.flatten().collect()
}

/// 24 kHz PCM16, loud enough to be speech, in frames of 20 ms.
fn speak(link: &mut dyn ModelLink, ms: usize, level: i16) {
    let samples: Vec<i16> = (0..480)
        .map(|n| if n % 20 < 10 { level } else { -level })
        .collect();
    let frame = Bytes::from(marks::bytes(&samples));
    for _ in 0..ms / 20 {
        link.send(ModelCommand::AppendAudio(frame.clone()));
    }
}

/// Half a second of speech and the silence that ends the turn.
fn turn(link: &mut dyn ModelLink) {
    speak(link, 600, 8000);
    speak(link, 1200, 0);
}

#[tokio::test]
async fn a_question_in_writing_is_answered_in_sound_and_words() {
    let script = RealtimeScript::new().queue([Answer::say_for("Leaves eat light.", 1000)]);
    let simulator = simulator(script).await;
    let mut link = session(&simulator, TurnDetection::default()).await;
    ask(&mut *link, "How do leaves eat?");
    let events = until_done(&mut *link).await;
    assert_eq!(sound(&events), marks::bytes(&marks::speech(1, 0, 1000)));
    let words = events.iter().find_map(|event| match event {
        ModelEvent::AnswerTranscriptDone { text, .. } => Some(text.as_str()),
        _ => None,
    });
    assert_eq!(words, Some("Leaves eat light."));
    let Some(ModelEvent::ResponseDone { status, usage, .. }) = events.last() else {
        panic!("{events:?}");
    };
    assert_eq!(*status, ResponseStatus::Completed);
    assert_eq!(usage.unwrap().output.audio, 20);
}

#[tokio::test]
async fn speech_arrives_bit_for_bit_and_is_a_turn() {
    let simulator = simulator(RealtimeScript::new().always(Answer::say("Yes."))).await;
    let mut link = session(&simulator, TurnDetection::default()).await;
    turn(&mut *link);
    let events = until_done(&mut *link).await;
    let place = |wanted: fn(&ModelEvent) -> bool| events.iter().position(wanted).unwrap();
    let order = [
        place(|event| matches!(event, ModelEvent::SpeechStarted { .. })),
        place(|event| matches!(event, ModelEvent::SpeechStopped { .. })),
        place(|event| matches!(event, ModelEvent::SpeechCommitted { .. })),
        place(|event| matches!(event, ModelEvent::ResponseCreated { .. })),
        place(|event| matches!(event, ModelEvent::AnswerItemAdded { .. })),
        place(|event| matches!(event, ModelEvent::AnswerAudio { .. })),
    ];
    assert!(order.is_sorted(), "{events:?}");
    let connection = simulator.realtime().connection(1).await;
    let heard = connection.read(|record| record.sound.clone());
    let loud = heard.iter().filter(|sample| sample.abs() == 8000).count();
    assert_eq!((heard.len(), loud), (1800 * 24, 600 * 24));
}

#[tokio::test]
async fn an_answer_talked_over_is_cancelled_and_cut_where_it_was_heard() {
    let script =
        RealtimeScript::new().queue([Answer::say_for("A long story.", 5000).hold_at(1000)]);
    let simulator = simulator(script).await;
    let mut link = session(&simulator, TurnDetection::default()).await;
    ask(&mut *link, "Tell me a story.");
    let begun = until(&mut *link, |event| {
        matches!(event, ModelEvent::AnswerAudio { .. })
    })
    .await;
    let Some(ModelEvent::AnswerAudio {
        item,
        content_index,
        ..
    }) = begun.last()
    else {
        panic!("{begun:?}");
    };
    let (item, content_index) = (item.clone(), *content_index);
    speak(&mut *link, 600, 8000);
    until(&mut *link, |event| {
        matches!(event, ModelEvent::SpeechStarted { .. })
    })
    .await;
    link.send(ModelCommand::Truncate {
        item: item.clone(),
        content_index,
        ms: 100,
    });
    let cut = ModelEvent::Truncated { item };
    let events = until(&mut *link, |event| *event == cut).await;
    let cancelled = events.iter().any(|event| {
        matches!(event, ModelEvent::ResponseDone { status, usage: Some(_), .. }
            if *status == ResponseStatus::Cancelled)
    });
    assert!(cancelled, "{events:?}");
}

#[tokio::test]
async fn a_tool_is_called_and_its_result_answered() {
    let script = RealtimeScript::new().queue([
        Answer::call("bookmark", json!({"note": "page 3"})),
        Answer::say("Done."),
    ]);
    let simulator = simulator(script).await;
    let mut link = session(&simulator, TurnDetection::default()).await;
    ask(&mut *link, "Keep this.");
    let events = until_done(&mut *link).await;
    let calls: Vec<&CallRequest> = events
        .iter()
        .filter_map(|event| match event {
            ModelEvent::FunctionCall(call) => Some(call),
            _ => None,
        })
        .collect();
    let [call] = calls[..] else {
        panic!("{events:?}");
    };
    let arguments: serde_json::Value = serde_json::from_str(&call.arguments).unwrap();
    assert_eq!(
        (call.name.as_str(), arguments),
        ("bookmark", json!({"note": "page 3"}))
    );
    let item = NewItem::CallOutput {
        call: call.call.clone(),
        output: "{}".to_owned(),
    };
    link.send(ModelCommand::Add { id: None, item });
    link.send(ModelCommand::CreateResponse);
    assert!(!sound(&until_done(&mut *link).await).is_empty());
}

#[tokio::test]
async fn errors_name_the_command_and_the_session_goes_on() {
    let simulator = simulator(RealtimeScript::new()).await;
    let mut link = session(&simulator, TurnDetection::Manual).await;
    for (command, class) in [
        (ModelCommand::CancelResponse(None), ErrorClass::Benign),
        (ModelCommand::CommitAudio, ErrorClass::Benign),
        (ModelCommand::Delete("gone".into()), ErrorClass::Benign),
    ] {
        let kind = command.kind();
        link.send(command);
        let Ok(ModelEvent::Error(error)) = next(&mut *link).await else {
            panic!("no error: {kind:?}");
        };
        assert_eq!((error.about, error.class), (Some(kind), class), "{error:?}");
    }
    ask(&mut *link, "Are you there?");
    until_done(&mut *link).await;
}

#[tokio::test]
async fn turns_can_be_taken_by_hand() {
    let simulator = simulator(RealtimeScript::new()).await;
    let mut link = session(&simulator, TurnDetection::Manual).await;
    speak(&mut *link, 200, 8000);
    link.send(ModelCommand::ClearAudio);
    speak(&mut *link, 200, 8000);
    link.send(ModelCommand::CommitAudio);
    link.send(ModelCommand::CreateResponse);
    let events = until_done(&mut *link).await;
    assert!(!sound(&events).is_empty(), "{events:?}");
}

#[tokio::test]
async fn a_wrong_key_is_final() {
    let simulator = simulator(RealtimeScript::new()).await;
    let mut link = connect(&simulator, "sk-wrong").await;
    let Ok(ModelEvent::Error(error)) = next(&mut *link).await else {
        panic!("no error");
    };
    assert_eq!(error.class, ErrorClass::Fatal);
    assert_eq!(lost(&mut *link).await.retry, Retry::WillNotHelp);
}

#[tokio::test]
async fn a_session_whose_time_is_over_is_worth_another_one() {
    let simulator = simulator(RealtimeScript::new()).await;
    let mut link = session(&simulator, TurnDetection::default()).await;
    simulator
        .realtime()
        .connection(1)
        .await
        .perform(Deed::Expire);
    let Ok(ModelEvent::Error(error)) = next(&mut *link).await else {
        panic!("no error");
    };
    assert_eq!(error.class, ErrorClass::SessionEnds);
    assert_eq!(lost(&mut *link).await.retry, Retry::MayHelp);
}

#[tokio::test]
async fn a_talk_ends_politely_and_all_it_said_is_of_the_official_sdk() {
    let simulator = simulator(RealtimeScript::new()).await;
    let mut link = session(&simulator, TurnDetection::default()).await;
    turn(&mut *link);
    until_done(&mut *link).await;
    link.send(ModelCommand::Instruct("Be brief.".to_owned()));
    until(&mut *link, |event| *event == ModelEvent::SessionUpdated).await;
    link.start_close();
    std::future::poll_fn(|cx| link.poll_closed(cx)).await;
    let connection = simulator.realtime().connection(1).await;
    assert_eq!(
        connection.wait_for_end().await,
        RealtimeEnd::ByClient(Some(1000))
    );
    assert_eq!(
        validate_realtime_client_events(&connection.received_lines()),
        Ok(())
    );
    assert_eq!(connection.read(|record| record.errors), 0);
}
