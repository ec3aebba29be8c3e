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
#[cfg(feature = "tls")]
mod tls;
mod tutor;
mod wire;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, bail};

use crate::interrupt::Interrupt;
use crate::process::Running;
use crate::workspace::cargo;
use sound::{FRAME_RATE, Question};
use talk::Call;
use tutor::Tutor;
use wire::Address;

/// Say what is in a WAV file to the tutor and keep the answer.
#[derive(clap::Args)]
pub(crate) struct Voice {
    /// What is said: any WAV
    #[arg(long)]
    file: PathBuf,
    /// The `/ws` of a running server, `ws://…` or `wss://…`; without it one is started
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
        let address = self.url.as_deref().map(Address::parse).transpose()?;
        if address.as_ref().is_some_and(Address::is_out_of_reach) {
            return run_again_with_tls(interrupt);
        }
        let question = Question::read(&self.file)?;
        println!("{}: {:.1} s", self.file.display(), question.seconds());
        if let Some(address) = address {
            return self.talk(
                &self.call(address, self.session.clone()),
                &question,
                interrupt,
            );
        }
        let tutor = Tutor::start(self.yes, interrupt)?;
        let address = Address::parse(&tutor.url())?;
        let call = self.call(address, Some(tutor.session().to_owned()));
        self.talk(&call, &question, interrupt)
    }

    fn call(&self, address: Address, session: Option<String>) -> Call {
        Call {
            address,
            token: self.token.clone(),
            session,
            frame: Duration::from_millis(self.frame_ms.into()),
            frame_samples: usize::from(self.frame_ms) * FRAME_RATE as usize / 1_000,
        }
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

/// TLS takes minutes to build on a fresh machine, so only those who need it build it.
fn run_again_with_tls(interrupt: &Interrupt) -> Result<()> {
    println!("wss:// needs TLS, which is built now if it was not before");
    let mut again = cargo();
    again
        .args([
            "run",
            "--quiet",
            "--package",
            "xtask",
            "--features",
            "tls",
            "--",
        ])
        .args(std::env::args_os().skip(1))
        // Paths are relative to where the user stands.
        .current_dir(std::env::current_dir()?);
    let status = Running::start(&mut again, interrupt)?.wait()?;
    if !status.success() {
        // What went wrong has been said.
        std::process::exit(status.code().unwrap_or(1));
    }
    Ok(())
}
