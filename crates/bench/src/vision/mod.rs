//! `vision`: what local vision makes of real pages and photos.
//!
//! Every file goes through the adapters in this process, or with `--url` through a running server's
//! `POST /api/upload-and-analyze`. In the same run plain `tesseract FILE - -l eng` reads the same
//! file. Characters wrong = edit distance to what stands on the page, divided by its length; white
//! space and typographic marks are folded in the same way on all sides first (see [`errors`]).

mod errors;
mod plain;
mod processor;
mod subject;
mod table;
mod truth;

use clap::Args;

use subject::Looker;
use table::Row;

/// Options of the measurement.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Address of a running server, such as `http://127.0.0.1:3000`; without it the adapters are called
    #[arg(long)]
    url: Option<String>,
    /// The server's process id, for its processor time
    #[arg(long, requires = "url")]
    server_pid: Option<u32>,
    /// Only files whose name contains this
    #[arg(long, default_value = "")]
    only: String,
    /// The frames of the walk instead of pages and photos; only subjects are compared
    #[arg(long)]
    walk: bool,
    /// Print what was read of each file
    #[arg(long)]
    text: bool,
}

/// Looks at all files and prints the table.
///
/// # Errors
/// When a file of the test data is missing, `tesseract` cannot run, or the server does not answer.
pub(crate) async fn run(options: Options) -> anyhow::Result<()> {
    let looker = Looker::new(options.url.clone(), options.server_pid)?;
    let mut rows = Vec::new();
    table::head();
    let all = if options.walk {
        truth::walk()?
    } else {
        truth::all()?
    };
    for truth in all
        .into_iter()
        .filter(|truth| truth.file.contains(&options.only))
    {
        let seen = looker.look(&truth).await?;
        let plain = if options.walk {
            String::new()
        } else {
            plain::read(&testkit::data::path(&truth.file))?
        };
        let row = Row::new(truth, seen, &plain);
        table::print(&row);
        if options.text {
            println!("{}\n", row.text());
        }
        rows.push(row);
    }
    table::foot(&rows);
    Ok(())
}
