//! `sign-in`: whether answers of the entrance tell by their time which addresses have an account.
//!
//! A release build of the server runs on the embedded default. Each round asks for three
//! addresses, in an order of its own: one with an account, another one with an account, and one
//! without. The first and the last are compared; the first and the second say how much difference
//! chance alone makes in the same run. Addresses of each kind come again equally often, and every
//! request comes from an address of its own, so that no limit is reached.
//!
//! Registering is not measured: its answer says in words that an address is taken.

mod ask;
mod chance;
mod table;
mod times;

use std::path::PathBuf;
use std::time::Duration;

use crate::server::{self, Server, Start};
use ask::{People, Question};
use chance::Chance;
use times::Times;

/// Options of the benchmark.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The server's binary; built in release mode when not given.
    #[arg(long)]
    server: Option<PathBuf>,
    /// How often each kind of address is asked for.
    #[arg(long, default_value_t = 600)]
    rounds: usize,
    /// Orders the rounds.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Rounds before those that count.
const WARM_UP: usize = 20;
/// Work that goes on after an answer is over by the next request.
const PAUSE: Duration = Duration::from_millis(10);

/// What the same rounds measured for each kind of address.
#[derive(Default)]
struct Measured {
    known: Times,
    known_again: Times,
    unknown: Times,
}

/// Measures and prints the tables.
///
/// # Errors
/// When the server cannot be built or started, or answers something else.
pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    let binary = match options.server {
        Some(binary) => binary,
        None => server::build()?,
    };
    let server = Server::start(&Start {
        binary: &binary,
        model: &"http://127.0.0.1:9".parse()?,
        core: None,
        settings: &[("TRUSTED_PROXIES", "127.0.0.0/8")],
    })
    .await?;
    let mut chance = Chance::new(options.seed);
    table::head(options.rounds);
    for question in [Question::WrongPassword, Question::ForgottenPassword] {
        let people = People::make(&server, question, options.rounds + WARM_UP).await?;
        let measured = measure(&people, options.rounds, &mut chance).await?;
        table::rows(question, &measured, &mut chance);
    }
    Ok(())
}

async fn measure(people: &People, rounds: usize, chance: &mut Chance) -> anyhow::Result<Measured> {
    let mut measured = Measured::default();
    for round in 0..rounds + WARM_UP {
        for kind in chance.order() {
            let time = people.ask(kind, round).await?;
            tokio::time::sleep(PAUSE).await;
            if round < WARM_UP {
                continue;
            }
            let [known, known_again, unknown] = [
                &mut measured.known,
                &mut measured.known_again,
                &mut measured.unknown,
            ];
            [known, known_again, unknown][kind].push(time);
        }
    }
    Ok(measured)
}
