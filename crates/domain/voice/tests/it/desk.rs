//! What is on the desk, on its way to the model.

use voice::ContextMode;
use voice::client::ServerMessage;
use voice::model::{ModelCommand, NewItem};

use crate::rig::Rig;

fn instructed(rig: &mut Rig) -> Vec<String> {
    let words = rig
        .commands()
        .into_iter()
        .filter_map(|command| match command {
            ModelCommand::Instruct(words) => Some(words),
            _ => None,
        });
    words.collect()
}

#[test]
fn a_picture_reaches_the_model_at_once_and_the_device_is_told() {
    let mut rig = Rig::ready();
    rig.sees("Bio", "the cell");
    let told = rig.messages();
    assert!(matches!(&told[..], [ServerMessage::Context { entries }] if entries[0].topic == "Bio"));
    let words = instructed(&mut rig);
    assert!(words.len() == 1 && words[0].contains("the cell"));
}

#[test]
fn never_more_than_one_update_a_second_and_the_newest_wins() {
    let mut rig = Rig::ready();
    for n in 0..30 {
        rig.sees("Math", &format!("page {n}"));
        rig.live(100);
    }
    let words = instructed(&mut rig);
    assert_eq!(words.len(), 4, "at 0, 1, 2 and 3 s");
    assert!(words[3].contains("page 29"));
}

#[test]
fn only_allowed_topics_and_only_changes_are_told() {
    let mut rig = Rig::ready();
    rig.sees("History", "1066");
    assert_eq!(rig.did(), []);
    rig.sees("Bio", "the cell");
    rig.did();
    rig.live(5_000);
    rig.sees("Bio", "the cell");
    assert_eq!(instructed(&mut rig).len(), 0);
}

#[test]
fn without_a_picture_for_thirty_seconds_the_model_hears_that_the_view_is_stale() {
    let mut rig = Rig::ready();
    rig.sees("Bio", "the cell");
    rig.did();
    rig.live(31_000);
    let words = instructed(&mut rig);
    assert!(words.len() == 1 && words[0].contains("stale"));
}

#[test]
fn as_items_the_new_one_comes_before_the_old_one_goes() {
    let mut rig = Rig::ready_with(|rules| rules.context = ContextMode::Items);
    rig.sees("Bio", "a");
    rig.did();
    rig.live(2_000);
    rig.sees("Bio", "b");
    let commands = rig.commands();
    let [
        ModelCommand::Add {
            id,
            item: NewItem::System(words),
        },
        ModelCommand::Delete(old),
    ] = &commands[..]
    else {
        panic!("{commands:?}");
    };
    assert_eq!(
        (id.as_ref().unwrap().as_str(), old.as_str()),
        ("desk2", "desk1")
    );
    assert!(words.contains("\"b\""));
}

#[test]
fn what_is_seen_while_the_model_is_away_is_told_when_it_is_back() {
    let mut rig = Rig::ready();
    rig.lose();
    rig.did();
    rig.sees("Bio", "the cell");
    assert_eq!(rig.commands(), []);
    rig.pass(500);
    rig.connect();
    let commands = rig.commands();
    assert!(commands.iter().any(|command| matches!(command,
        ModelCommand::Configure(config) if config.instructions.contains("the cell"))));
}
