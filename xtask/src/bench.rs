//! `cargo xtask bench`: measurements, each printing a table.

use std::process::Command;

use anyhow::Result;
use clap::ValueEnum;

use crate::interrupt::Interrupt;
use crate::process::run;
use crate::setup::{self, needs};
use crate::workspace::cargo;

/// Measure: vision, images, scenes, upload, reads, sign-in, voice, audio, soak or all.
#[derive(clap::Args)]
pub(crate) struct Bench {
    #[arg(value_enum)]
    what: What,
    /// Passed to the measurement; `-- --help` lists them
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// Local vision on real pages and photos: subject and characters per file
    Vision,
    /// What smaller copies of a picture take of a processor, against a budget
    Images,
    /// Which pictures of a sitting need no model, and what it costs to know
    Scenes,
    /// The server's own share of the upload path, against the simulator
    Upload,
    /// What reads cost with many stored events, against few
    Reads,
    /// Whether answers tell by their time which addresses have an account
    SignIn,
    /// What the voice relay adds to every frame, on one core
    Voice,
    /// The audio library against others
    Audio,
    /// Whether the server grows: an hour's mixed load in `--minutes`
    Soak,
    /// Each of them in turn, but for reads and soak, which take long
    All,
}

const EACH: [What; 7] = [
    What::Vision,
    What::Images,
    What::Scenes,
    What::Upload,
    What::SignIn,
    What::Voice,
    What::Audio,
];

impl Bench {
    pub(crate) fn run(&self, interrupt: &Interrupt) -> Result<()> {
        match self.what {
            What::All => EACH
                .into_iter()
                .try_for_each(|what| self.measure(what, interrupt)),
            one => self.measure(one, interrupt),
        }
    }

    fn measure(&self, what: What, interrupt: &Interrupt) -> Result<()> {
        setup::ensure(need(what), setup::Consent::Ask, interrupt)?;
        run(program(what).args(&self.arguments), interrupt)
    }
}

fn need(what: What) -> &'static [needs::Need] {
    match what {
        What::Audio => &[needs::AUDIO_PEERS],
        What::Vision | What::Upload | What::All => &[needs::TESSERACT],
        What::Scenes => &[needs::FONTS],
        What::Images | What::Reads | What::SignIn | What::Voice | What::Soak => &[],
    }
}

fn program(what: What) -> Command {
    let mut program = cargo();
    program.args(["run", "--release"]);
    match what {
        What::Audio => program.args(["--manifest-path", "xtask/bench-audio/Cargo.toml", "--"]),
        What::Upload => program.args(["--package", "bench", "--", "upload"]),
        What::Images => program.args(["--package", "bench", "--", "images"]),
        What::Scenes => program.args(["--package", "bench", "--", "scenes"]),
        What::Reads => program.args(["--package", "bench", "--", "reads"]),
        What::SignIn => program.args(["--package", "bench", "--", "sign-in"]),
        What::Voice => program.args(["--package", "bench", "--", "voice"]),
        What::Soak => program.args(["--package", "bench", "--", "soak"]),
        What::Vision | What::All => program.args(["--package", "bench", "--", "vision"]),
    };
    program
}
