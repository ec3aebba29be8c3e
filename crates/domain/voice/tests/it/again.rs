//! Spoken turns whose words the model's session owed when it ended.

use voice::client::ClientMessage;
use voice::model::{ModelCommand, ModelEvent, NewItem, ResponseStatus, TurnDetection};

use crate::rig::Rig;

/// Frames of 20 ms of a question, a second and a half with the silence after it.
const QUESTION: usize = 75;

fn says(rig: &mut Rig, item: &str, frames: usize) {
    rig.speech(item);
    (0..frames).for_each(|_| rig.hears(20));
    rig.model(ModelEvent::SpeechStopped { item: item.into() });
}

fn committed(rig: &mut Rig, item: &str) {
    rig.model(ModelEvent::SpeechCommitted { item: item.into() });
}

fn words(rig: &mut Rig, item: &str, text: &str) {
    let (item, text) = (item.into(), text.to_owned());
    rig.model(ModelEvent::InputTranscriptDelta { item, text });
}

fn all_words(rig: &mut Rig, item: &str, text: &str) {
    let (item, text) = (item.into(), text.to_owned());
    rig.model(ModelEvent::InputTranscriptDone { item, text });
}

/// The session is lost and the next one is ready; what that was told.
fn next_session(rig: &mut Rig) -> Vec<ModelCommand> {
    rig.lose();
    rig.pass(500);
    let before = rig.did();
    rig.connect();
    // The model takes it in pieces.
    rig.pass(200);
    let told = rig.commands();
    rig.out.splice(0..0, before);
    told
}

/// Commands in short: runs of sound as their length.
fn short(commands: &[ModelCommand]) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    let mut sound = 0;
    for command in commands {
        if matches!(command, ModelCommand::AppendAudio(_)) {
            sound += 1;
            continue;
        }
        told.extend((sound > 0).then(|| format!("{sound} frames")));
        sound = 0;
        told.push(match command {
            ModelCommand::Configure(config) if config.turn_detection == TurnDetection::Manual => {
                "by hand".to_owned()
            }
            ModelCommand::Configure(_) => "by itself".to_owned(),
            ModelCommand::Add { item, .. } => match item {
                NewItem::UserText(text) | NewItem::TutorText(text) => text.clone(),
                other => format!("{other:?}"),
            },
            other => other.kind().as_str().to_owned(),
        });
    }
    told.extend((sound > 0).then(|| format!("{sound} frames")));
    told
}

#[test]
fn a_question_that_nobody_wrote_down_is_heard_by_the_next_session_and_answered_once() {
    let mut rig = Rig::ready();
    says(&mut rig, "u", QUESTION);
    let told = next_session(&mut rig);
    let expected = [
        "by hand",
        "75 frames",
        "commit_audio",
        "by itself",
        "create_response",
    ];
    assert_eq!(short(&told), expected);
    committed(&mut rig, "v");
    all_words(&mut rig, "v", "why?");
    assert_eq!(rig.stored_text(), [("user", "why?".to_owned())]);
    assert_eq!(short(&next_session(&mut rig)[1..2]), ["why?"]);
}

#[test]
fn what_was_written_of_it_gives_way_to_the_whole() {
    let mut rig = Rig::ready();
    says(&mut rig, "u", QUESTION);
    words(&mut rig, "u", "half a");
    assert_eq!(short(&next_session(&mut rig))[1], "75 frames");
    committed(&mut rig, "v");
    all_words(&mut rig, "v", "half a question");
    assert_eq!(rig.stored_text(), [("user", "half a question".to_owned())]);
}

#[test]
fn a_question_whose_words_came_is_told_in_writing() {
    let mut rig = Rig::ready();
    says(&mut rig, "u", QUESTION);
    all_words(&mut rig, "u", "why?");
    let expected = ["by itself", "why?", "create_response"];
    assert_eq!(short(&next_session(&mut rig)), expected);
}

#[test]
fn a_question_that_was_answered_is_heard_in_its_place_and_not_answered_again() {
    let mut rig = Rig::ready();
    says(&mut rig, "u", QUESTION);
    rig.four_words();
    rig.answer_ends("r", "a", ResponseStatus::Completed);
    rig.pass(4_000);
    let expected = [
        "by hand",
        "75 frames",
        "commit_audio",
        "one two three four",
        "by itself",
    ];
    assert_eq!(short(&next_session(&mut rig)), expected);
    committed(&mut rig, "v");
    all_words(&mut rig, "v", "why?");
    let mut turns = rig.stored();
    turns.sort_by_key(|turn| turn.index);
    let texts: Vec<_> = turns.iter().map(|turn| turn.text.as_str()).collect();
    assert_eq!(texts, ["why?", "one two three four"]);
}

#[test]
fn a_question_that_waits_for_a_slow_answer_is_answered_after_a_loss() {
    let mut rig = Rig::ready();
    says(&mut rig, "u", QUESTION);
    rig.pass(4_000);
    assert!(next_session(&mut rig).contains(&ModelCommand::CreateResponse));
}

#[test]
fn several_questions_are_heard_in_their_order() {
    let mut rig = Rig::ready();
    says(&mut rig, "u", 60);
    says(&mut rig, "v", 70);
    let told = short(&next_session(&mut rig));
    assert_eq!(
        told[1..5],
        ["60 frames", "commit_audio", "70 frames", "commit_audio"]
    );
    for (item, text) in [("x", "first"), ("y", "second")] {
        committed(&mut rig, item);
        all_words(&mut rig, item, text);
    }
    let texts: Vec<_> = rig
        .stored_text()
        .into_iter()
        .map(|(_, text)| text)
        .collect();
    assert_eq!(texts, ["first", "second"]);
}

/// The second session ends too: before it took the turn, after that, or with the first words.
#[test]
fn whatever_ends_and_when_a_question_is_written_once() {
    for steps in 0..3 {
        let mut rig = Rig::ready();
        says(&mut rig, "u", QUESTION);
        next_session(&mut rig);
        if steps > 0 {
            committed(&mut rig, "v");
        }
        if steps > 1 {
            words(&mut rig, "v", "wh");
        }
        let told = next_session(&mut rig);
        assert_eq!(short(&told)[1..3], ["75 frames", "commit_audio"], "{steps}");
        committed(&mut rig, "w");
        all_words(&mut rig, "w", "why?");
        rig.says(ClientMessage::End);
        assert_eq!(rig.stored_text(), [("user", "why?".to_owned())], "{steps}");
    }
}

#[test]
fn a_conversation_that_ends_before_it_keeps_what_was_written() {
    let mut rig = Rig::ready();
    says(&mut rig, "u", QUESTION);
    words(&mut rig, "u", "half a");
    rig.lose();
    rig.says(ClientMessage::End);
    assert_eq!(rig.stored_text(), [("user", "half a".to_owned())]);
}

#[test]
fn of_a_long_question_the_last_five_seconds_are_heard_again() {
    let mut rig = Rig::ready();
    says(&mut rig, "u", 400);
    assert_eq!(short(&next_session(&mut rig))[1], "250 frames");
}

#[test]
fn words_of_a_question_too_long_to_be_heard_again_are_kept() {
    let mut rig = Rig::ready();
    says(&mut rig, "u", 400);
    words(&mut rig, "u", "a long story");
    let expected = ["by itself", "a long story", "create_response"];
    assert_eq!(short(&next_session(&mut rig)), expected);
    assert_eq!(rig.stored_text(), [("user", "a long story".to_owned())]);
}

#[test]
fn at_most_eight_seconds_of_sound_are_kept_and_the_question_is_among_them() {
    let mut rig = Rig::ready();
    says(&mut rig, "u", 250);
    rig.lose();
    (0..500).for_each(|_| rig.hears(20));
    rig.pass(500);
    rig.did();
    rig.connect();
    rig.pass(200);
    let expected = [
        "by hand",
        "250 frames",
        "commit_audio",
        "by itself",
        "create_response",
    ];
    let told = short(&rig.commands());
    assert_eq!(told[..5], expected);
    assert_eq!(told[5..], ["150 frames"]);
}

#[test]
fn an_older_question_makes_room_for_what_is_being_said() {
    let mut rig = Rig::ready();
    says(&mut rig, "u", 200);
    says(&mut rig, "v", 100);
    let told = short(&next_session(&mut rig));
    assert_eq!(told[1..3], ["100 frames", "commit_audio"]);
}

#[test]
fn sound_is_told_again_as_fast_as_the_model_takes_it() {
    let mut rig = Rig::ready();
    says(&mut rig, "u", QUESTION);
    rig.lose();
    rig.pass(500);
    rig.did();
    rig.waiting.model = 200 * 1024;
    rig.connect();
    assert_eq!(short(&rig.commands()), ["by hand"]);
    rig.says(ClientMessage::Text("and typed".to_owned()));
    assert_eq!(rig.commands(), []);
    rig.waiting.model = 0;
    rig.pass(20);
    let expected = [
        "75 frames",
        "commit_audio",
        "and typed",
        "by itself",
        "create_response",
    ];
    assert_eq!(short(&rig.commands()), expected);
}

#[test]
fn a_speech_begun_and_partly_written_is_written_once() {
    let mut rig = Rig::ready();
    rig.speech("u");
    (0..50).for_each(|_| rig.hears(20));
    words(&mut rig, "u", "how do");
    assert_eq!(short(&next_session(&mut rig)), ["by itself", "50 frames"]);
    rig.speech("v");
    rig.model(ModelEvent::SpeechStopped { item: "v".into() });
    all_words(&mut rig, "v", "how do plants eat?");
    assert_eq!(
        rig.stored_text(),
        [("user", "how do plants eat?".to_owned())]
    );
}
