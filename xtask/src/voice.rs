//! `cargo xtask voice`: talks to the tutor as a phone does.
//!
//! Sends the sound of a WAV file to `/ws` in real time, as Float32 frames at 16 kHz, goes on with
//! silence as a microphone would, plays what comes back (to a file, to a player if asked) and tells
//! the server how far it has played. Without a server to talk to it starts one, puts a study page on
//! its desk, and takes the simulator for the model unless there is a key.

mod hear;
mod player;
mod report;
mod resample;
mod sound;
mod talk;
mod tutor;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::interrupt::Interrupt;
use sound::{FRAME_RATE, Question};
use talk::Call;
use tutor::Tutor;

/// Say what is in a WAV file to the tutor and keep the answer.
#[derive(clap::Args)]
pub(crate) struct Voice {
    /// What is said: any WAV
    #[arg(long)]
    file: PathBuf,
    /// A running server, ws://HOST:PORT/ws; without it one is started
    #[arg(long)]
    url: Option<String>,
    /// Access token of that server
    #[arg(long, requires = "url")]
    token: Option<String>,
    /// The session of study on that server
    #[arg(long, requires = "url")]
    session: Option<String>,
    /// Milliseconds in a frame
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u16).range(5..=500))]
    frame_ms: u16,
    /// Where the answer goes, PCM16 at 24 kHz
    #[arg(long, default_value = "answer.wav")]
    answer: PathBuf,
    /// Play the answer afterwards
    #[arg(long)]
    play: bool,
    /// Install what is missing without asking
    #[arg(long)]
    yes: bool,
}

impl Voice {
    pub(crate) fn run(&self, interrupt: &Interrupt) -> Result<()> {
        let question = Question::read(&self.file)?;
        println!("{}: {:.1} s", self.file.display(), question.seconds());
        if let Some(url) = &self.url {
            return self.talk(&self.call(url, self.session.clone())?, &question, interrupt);
        }
        let tutor = Tutor::start(self.yes, interrupt)?;
        let call = self.call(&tutor.url(), Some(tutor.session().to_owned()))?;
        self.talk(&call, &question, interrupt)
    }

    fn call(&self, url: &str, session: Option<String>) -> Result<Call> {
        if !url.starts_with("ws://") {
            bail!("{url}: only ws:// is spoken here; for wss:// put a tunnel before it");
        }
        Ok(Call {
            url: url.to_owned(),
            token: self.token.clone(),
            session,
            frame: Duration::from_millis(self.frame_ms.into()),
            frame_samples: usize::from(self.frame_ms) * FRAME_RATE as usize / 1_000,
        })
    }

    fn talk(&self, call: &Call, question: &Question, interrupt: &Interrupt) -> Result<()> {
        let report = talk::talk(call, question, interrupt)?;
        report.print();
        if report.heard().is_empty() {
            bail!("the tutor said nothing");
        }
        sound::write(&self.answer, report.heard())?;
        println!("\nThe answer is in {}", self.answer.display());
        if self.play {
            player::play(&self.answer, interrupt)?;
        }
        Ok(())
    }
}
