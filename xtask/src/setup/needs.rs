//! What this checkout needs from the machine, and how to tell whether it is there.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process;
use crate::workspace::find_program;

/// One thing the machine must have.
pub(crate) struct Need {
    pub(crate) name: &'static str,
    pub(crate) what_for: &'static str,
    /// Packages of Debian and its relatives that bring it.
    pub(crate) debian: &'static [&'static str],
    /// What to install on other systems.
    pub(crate) elsewhere: &'static str,
    found: fn() -> bool,
}

impl Need {
    pub(crate) fn is_met(&self) -> bool {
        (self.found)()
    }
}

/// Reads text from photos: what the server needs without a key.
pub(crate) const TESSERACT: Need = Need {
    name: "tesseract",
    what_for: "reads the text of photos (local vision)",
    debian: &["tesseract-ocr", "tesseract-ocr-eng", "tesseract-ocr-osd"],
    elsewhere: "tesseract 5 with the languages eng and osd",
    found: has_tesseract,
};

/// A real Postgres for the tests; nothing of it is needed to run the embedded server.
pub(crate) const POSTGRES: Need = Need {
    name: "postgres",
    what_for: "the database tests run on it too",
    debian: &["postgresql"],
    elsewhere: "PostgreSQL 14 or newer with initdb and postgres in PATH",
    found: || postgres_folder().is_some(),
};

/// A real Redis for the tests; nothing of it is needed to run one server by itself.
pub(crate) const REDIS: Need = Need {
    name: "redis",
    what_for: "the tests of what several servers share run on it",
    debian: &["redis-server"],
    elsewhere: "Redis 6 or newer, or Valkey, with redis-server or valkey-server in PATH",
    found: || {
        ["redis-server", "valkey-server"]
            .iter()
            .any(|p| find_program(p).is_some())
    },
};

/// Clients and checkers from PyPI that the tests run against the server.
pub(crate) const PYTHON: Need = Need {
    name: "python3",
    what_for: "official clients and API checkers run in a virtual environment",
    debian: &["python3", "python3-venv", "python3-pip"],
    elsewhere: "Python 3.11 or newer with venv and pip",
    found: has_python,
};

/// Installs the `OpenID` providers that sign-in is tested against.
pub(crate) const NPM: Need = Need {
    name: "npm",
    what_for: "installs the OpenID providers that the tests start",
    debian: &["nodejs", "npm"],
    elsewhere: "Node.js 18 or newer with npm",
    found: || process::output(Command::new("npm").arg("--version")).is_ok(),
};

/// What the audio library is compared with, and what counts instructions.
pub(crate) const AUDIO_PEERS: Need = Need {
    name: "audio peers",
    what_for: "the resamplers that the audio library is measured against, and valgrind",
    debian: &[
        "pkg-config",
        "libsoxr-dev",
        "libsamplerate0-dev",
        "libspeexdsp-dev",
        "libswresample-dev",
        "libavutil-dev",
        "valgrind",
    ],
    elsewhere: "soxr, libsamplerate, speexdsp, swresample with headers, pkg-config and valgrind",
    found: has_audio_peers,
};

/// The faces that study pages are drawn in, by tests too.
pub(crate) const FONTS: Need = Need {
    name: "fonts",
    what_for: "tests draw study pages in DejaVu Serif",
    debian: &["fonts-dejavu-core"],
    elsewhere: "DejaVu fonts in /usr/share/fonts/truetype/dejavu",
    found: || Path::new("/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf").is_file(),
};

/// Reads the compose file as an operator's machine would; no Docker is needed for that.
pub(crate) const COMPOSE: Need = Need {
    name: "docker-compose",
    what_for: "the tests of the files of deploy/ read compose.yaml with it",
    debian: &["docker-compose"],
    elsewhere: "docker-compose 1.29 or newer in PATH, and PyYAML for /usr/bin/python3",
    found: || find_program("docker-compose").is_some(),
};

/// Stands in front of servers in the tests, with the file that is deployed.
pub(crate) const NGINX: Need = Need {
    name: "nginx",
    what_for: "the tests run deploy/nginx.conf in front of a server",
    debian: &["nginx-light"],
    elsewhere: "nginx at /usr/sbin/nginx",
    found: || Path::new("/usr/sbin/nginx").is_file(),
};

/// Everything that building, running and testing needs.
pub(crate) fn all() -> [Need; 8] {
    [
        TESSERACT, POSTGRES, REDIS, PYTHON, NPM, FONTS, COMPOSE, NGINX,
    ]
}

/// The folder that holds `initdb` and `postgres`: in `PATH`, else where Debian puts the newest.
pub(crate) fn postgres_folder() -> Option<PathBuf> {
    let in_path = find_program("initdb").filter(|_| find_program("postgres").is_some());
    match in_path.as_deref().and_then(|initdb| initdb.parent()) {
        Some(folder) => Some(folder.to_path_buf()),
        None => newest_debian_postgres(),
    }
}

fn newest_debian_postgres() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let folders = versions.flatten().map(|version| version.path());
    let number = |f: &PathBuf| f.file_name()?.to_str()?.parse::<u32>().ok();
    let newest = folders.filter_map(|f| Some((number(&f)?, f.join("bin"))));
    let complete = newest.filter(|(_, bin)| bin.join("initdb").is_file());
    complete
        .max_by_key(|(version, _)| *version)
        .map(|(_, bin)| bin)
}

fn has_tesseract() -> bool {
    let languages = process::output(Command::new("tesseract").arg("--list-langs"));
    languages.is_ok_and(|list| ["eng", "osd"].iter().all(|l| list.lines().any(|x| x == *l)))
}

fn has_audio_peers() -> bool {
    let libraries = [
        "soxr",
        "samplerate",
        "speexdsp",
        "libswresample",
        "libavutil",
    ];
    let headers = process::output(Command::new("pkg-config").arg("--exists").args(libraries));
    headers.is_ok() && find_program("valgrind").is_some()
}

fn has_python() -> bool {
    process::output(Command::new("python3").args(["-c", "import venv, ensurepip"])).is_ok()
}
