//! What is said and written.

use voice::client::{ClientMessage, ServerMessage, Speaker, Stage};
use voice::model::{ModelCommand, ModelEvent, NewItem, ResponseStatus};
use voice::{Effect, Event, Tokens, Usage};

use crate::rig::{Rig, entry, final_words};

fn transcript(rig: &mut Rig, item: &str, text: &str) {
    let (item, text) = (item.into(), text.to_owned());
    rig.model(ModelEvent::InputTranscriptDone { item, text });
}

#[test]
fn what_the_student_says_is_told_in_pieces_and_stored_once_complete() {
    let mut rig = Rig::ready();
    rig.speech("u");
    rig.model(ModelEvent::SpeechStopped { item: "u".into() });
    let (item, text) = ("u".into(), "why".to_owned());
    rig.model(ModelEvent::InputTranscriptDelta { item, text });
    transcript(&mut rig, "u", "why?");
    let (role, item, text) = (Speaker::Student, "u".into(), "why".to_owned());
    let piece = ServerMessage::Transcript {
        role,
        item,
        text,
        stage: Stage::Partial,
    };
    let expected = [
        ServerMessage::SpeechStarted,
        ServerMessage::SpeechStopped,
        piece,
        final_words(Speaker::Student, "u", "why?"),
    ];
    assert_eq!(rig.messages(), expected);
    assert_eq!(rig.stored_text(), [("user", "why?".to_owned())]);
}

#[test]
fn a_transcript_that_comes_after_the_answer_stands_before_it() {
    let mut rig = Rig::ready();
    rig.speech("u");
    rig.model(ModelEvent::SpeechStopped { item: "u".into() });
    rig.four_words();
    rig.answer_ends("r", "a", ResponseStatus::Completed);
    rig.pass(4_000);
    transcript(&mut rig, "u", "why?");
    let mut turns = rig.stored();
    turns.sort_by_key(|turn| turn.index);
    assert_eq!(
        turns.iter().map(|t| t.text.as_str()).collect::<Vec<_>>(),
        ["why?", "one two three four"]
    );
}

#[test]
fn written_questions_are_stored_added_and_answered() {
    let mut rig = Rig::ready();
    rig.says(ClientMessage::Text(" why? ".to_owned()));
    assert_eq!(rig.stored_text(), [("user", "why?".to_owned())]);
    let item = NewItem::UserText("why?".to_owned());
    let add = ModelCommand::Add { id: None, item };
    assert_eq!(rig.commands(), [add, ModelCommand::CreateResponse]);
}

#[test]
fn a_question_during_an_answer_stops_it_and_is_answered_after_its_end() {
    let mut rig = Rig::ready();
    rig.four_words();
    rig.did();
    rig.says(ClientMessage::Text("why?".to_owned()));
    let cancel = ModelCommand::CancelResponse(Some("r".into()));
    let commands = rig.commands();
    assert_eq!(commands.first(), Some(&cancel));
    assert!(
        !commands.contains(&ModelCommand::CreateResponse),
        "one answer at a time"
    );
    rig.response_done(ResponseStatus::Cancelled, "r");
    assert_eq!(rig.commands(), [ModelCommand::CreateResponse]);
}

#[test]
fn blank_and_endless_texts_are_refused() {
    let mut rig = Rig::ready();
    for text in ["  ".to_owned(), "x".repeat(4_001)] {
        rig.says(ClientMessage::Text(text));
        let did = rig.did();
        assert!(
            matches!(&did[..], [Effect::ToClient(ServerMessage::Error(_))]),
            "{did:?}"
        );
    }
}

#[test]
fn a_picture_pointed_at_is_described_and_answered() {
    let mut rig = Rig::ready();
    let event = uuid::Uuid::from_u128(2).into();
    rig.says(ClientMessage::Image(event));
    assert_eq!(rig.did(), [Effect::FindPicture(event)]);
    let picture = entry("Bio", "the cell", rig.now());
    rig.happen(Event::Picture(Some(picture)));
    let commands = rig.commands();
    assert!(
        matches!(&commands[..], [ModelCommand::Add { item: NewItem::UserText(words), .. },
        ModelCommand::CreateResponse] if words.contains("the cell"))
    );
}

#[test]
fn a_picture_pointed_at_while_the_model_is_away_is_described_once_it_listens() {
    let mut rig = Rig::ready();
    rig.lose();
    let picture = entry("Bio", "the cell", rig.now());
    rig.happen(Event::Picture(Some(picture)));
    rig.pass(500);
    rig.did();
    rig.connect();
    let commands = rig.commands();
    assert!(
        matches!(&commands[1..], [ModelCommand::Add { item: NewItem::UserText(words), .. },
        ModelCommand::CreateResponse] if words.contains("the cell")),
        "{commands:?}"
    );
}

#[test]
fn tokens_add_up_and_cancelled_answers_count() {
    let mut rig = Rig::ready();
    let input = Tokens {
        text: 10,
        audio: 20,
        image: 0,
    };
    let usage = Usage {
        input,
        ..Usage::default()
    };
    for (response, status) in [
        ("a", ResponseStatus::Completed),
        ("b", ResponseStatus::Cancelled),
    ] {
        let (response, usage) = (response.into(), Some(usage));
        rig.model(ModelEvent::ResponseDone {
            response,
            status,
            usage,
        });
    }
    let metered = rig.did().into_iter().rev().find_map(|effect| match effect {
        Effect::Meter(usage) => Some(usage.input.total()),
        _ => None,
    });
    assert_eq!(metered, Some(60));
}
