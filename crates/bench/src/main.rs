//! Measurements that print tables, one subcommand and one folder each:
//!
//! | command | measures |
//! |---|---|
//! | `load` | nothing: makes a system that many students have used for long |
//! | `reads` | what reads and an upload cost with many stored events, against few |
//! | `upload` | the server's own share of the upload path, against the simulator at a fixed latency |
//! | `sign-in` | whether answers tell by their time which addresses have an account |
//! | `voice` | what the relay adds to every frame, on one core, for more and more conversations |
//! | `soak` | whether the server grows under an hour's mixed load, compressed into minutes |
//! | `vision` | local vision on real pages and photos against plain `tesseract` |
//! | `images` | what smaller copies of a picture take of a processor |
//! | `scenes` | which pictures of a sitting need no model, and what it costs to know |

mod images;
mod load;
mod mode;
mod pin;
mod reads;
mod scenes;
mod server;
mod sign_in;
mod soak;
mod upload;
mod vision;
mod voice;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Measurements that print tables")]
struct Cli {
    #[command(subcommand)]
    measurement: Measurement,
}

#[derive(Subcommand)]
enum Measurement {
    /// Makes a system that many students have used for long.
    Load(load::Options),
    /// What reads and an upload cost with many stored events, against few.
    Reads(reads::Options),
    /// The server's own share of the upload path.
    Upload(upload::Options),
    /// Whether answers tell by their time which addresses have an account.
    SignIn(sign_in::Options),
    /// Whether the server grows under mixed load.
    Soak(soak::Options),
    /// Subject and characters of every page and photo, against plain tesseract.
    Vision(vision::Options),
    /// What smaller copies of a picture take.
    Images(images::Options),
    /// Which pictures of a sitting need no model.
    Scenes(scenes::Options),
    /// What the relay of voice adds to every frame.
    Voice(voice::Options),
    /// The bare relay that `voice` compares with, as a process of its own.
    #[command(hide = true)]
    BareRelay(voice::BareRelay),
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().measurement {
        Measurement::Load(options) => on_all_cores(load::run(options)),
        Measurement::Reads(options) => on_all_cores(reads::run(options)),
        Measurement::Upload(options) => on_all_cores(upload::run(options)),
        Measurement::SignIn(options) => on_all_cores(sign_in::run(options)),
        Measurement::Soak(options) => on_all_cores(soak::run(options)),
        Measurement::Vision(options) => on_all_cores(vision::run(options)),
        Measurement::Images(options) => on_all_cores(images::run(options)),
        Measurement::Scenes(options) => on_all_cores(scenes::run(options)),
        Measurement::Voice(options) => on_one_core(voice::run(options)),
        Measurement::BareRelay(options) => on_one_core(options.run()),
    }
}

fn on_all_cores(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    runtime.enable_all().build()?.block_on(work)
}

fn on_one_core(work: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build()?.block_on(work)
}
