//! Plays a file, if the machine has something to play it with.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::interrupt::Interrupt;
use crate::process::run;
use crate::workspace::find_program;

const PLAYERS: [(&str, &[&str]); 4] = [
    ("afplay", &[]),
    ("aplay", &["-q"]),
    ("paplay", &[]),
    ("ffplay", &["-nodisp", "-autoexit", "-loglevel", "error"]),
];

/// Plays the file to its end; without a player it says so.
pub(super) fn play(file: &Path, interrupt: &Interrupt) -> Result<()> {
    let found = PLAYERS
        .iter()
        .find_map(|(name, arguments)| Some((find_program(name)?, arguments)));
    let Some((program, arguments)) = found else {
        let names: Vec<_> = PLAYERS.iter().map(|(name, _)| *name).collect();
        println!("Nothing here plays it; looked for {}", names.join(", "));
        return Ok(());
    };
    run(Command::new(program).args(*arguments).arg(file), interrupt)
}
