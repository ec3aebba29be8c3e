//! The command line.

use std::path::PathBuf;

use auth::EmailAddress;
use clap::{Args, Parser, Subcommand};

/// A study-companion backend: images in, study time out.
///
/// All settings are environment variables or keys of `smartsight.toml`; `smartsight settings`
/// lists them.
#[derive(Parser)]
#[command(name = "smartsight", version)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

/// What to do; `serve` when nothing is said.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Serve the API, and carry out jobs.
    Serve {
        /// Leave jobs to processes of `smartsight worker`.
        #[arg(long)]
        no_worker: bool,
    },
    /// Carry out jobs, beside servers on Postgres and S3; any number of these may run.
    Worker,
    /// Bring the database schema up to date.
    Migrate,
    /// Look at images and print what is understood, one JSON object a line; nothing is kept.
    Analyze {
        /// The image files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Drop study time, topics and help counts, and derive them again from the ledger, beside a
    /// running server or without one.
    Rebuild,
    /// Write everything of one user into a zip, or everything of everybody, with the server stopped.
    Export {
        /// Their address, id or, in open mode, name.
        #[arg(value_name = "USER_OR_EMAIL", required_unless_present = "all")]
        who: Option<String>,
        /// Everything of everybody, to be moved into another place by `import`.
        #[arg(long, conflicts_with = "who")]
        all: bool,
        /// The zip to write.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Bring everything of `export --all` into an empty database and its object store.
    Import {
        /// The zip.
        file: PathBuf,
    },
    /// Erase everything of one user, with the server stopped, and print what went.
    Erase {
        /// Their address, id or, in open mode, name.
        #[arg(value_name = "USER_OR_EMAIL")]
        who: String,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
    /// Make and change accounts, beside a running server or without one.
    Admin {
        #[command(subcommand)]
        command: AdminCommand,
    },
    /// Look at everything the settings name, beside a running server too, and say what to mend.
    Doctor {
        /// For machines.
        #[arg(long)]
        json: bool,
    },
    /// Print the effective settings and where each came from.
    Settings,
    /// Print the OpenAPI document.
    Openapi,
}

/// What to do to accounts; each of it goes into the audit.
#[derive(Subcommand)]
pub(crate) enum AdminCommand {
    /// Make an account whose address counts as verified.
    CreateUser(NewUser),
    /// Make an account admin.
    Grant {
        /// Its address.
        email: EmailAddress,
    },
    /// Make an admin an ordinary user.
    Revoke {
        /// Its address.
        email: EmailAddress,
    },
    /// Close an account and sign all its devices out.
    Disable {
        /// Its address.
        email: EmailAddress,
    },
    /// Open a closed account again.
    Enable {
        /// Its address.
        email: EmailAddress,
    },
}

/// An account to make.
#[derive(Args)]
pub(crate) struct NewUser {
    /// Its address.
    pub(crate) email: EmailAddress,
    /// Make it admin.
    #[arg(long)]
    pub(crate) admin: bool,
    /// Take the password from the first line of the standard input, instead of making one that is
    /// printed once.
    #[arg(long)]
    pub(crate) password_stdin: bool,
}

/// Parses the arguments; prints help or a usage error and exits where those are wanted.
pub(crate) fn parse() -> Command {
    Cli::parse()
        .command
        .unwrap_or(Command::Serve { no_worker: false })
}
