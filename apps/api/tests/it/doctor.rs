//! `smartsight doctor` against real parts, well and broken.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Output, Stdio};

use serde_json::Value;
use testkit::openid::Provider;
use testkit::redis_server::RedisServer;
use testkit::s3_server::S3Server;
use testkit::sim::{SimOptions, Simulator};

use crate::harness::{SECRET, Setup};

const KEY: &str = "sk-provider-key";
const NOBODY: &str = "127.0.0.1:1";

/// An SMTP server that wants ada's password; it ends with the test.
struct Mails(Child, u16);

impl Mails {
    fn start() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let script = folder.join("../../crates/adapters/email/tests/smtpd.py");
        let mut python = testkit::python::with(&["aiosmtpd==1.4.6"]).command();
        python.arg(script).arg("auth");
        let quiet = python.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut server = quiet.spawn().unwrap();
        let mut port = String::new();
        let mut said = BufReader::new(server.stdout.take().unwrap());
        said.read_line(&mut port).unwrap();
        Self(server, port.trim().parse().unwrap())
    }

    fn url(&self, password: &str) -> String {
        format!("smtp://ada:{password}@127.0.0.1:{}", self.1)
    }
}

impl Drop for Mails {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// What the doctor says of a setup.
struct Told {
    code: Option<i32>,
    text: String,
    findings: Value,
}

impl Told {
    fn by(setup: &Setup, folder: &Path) -> Self {
        let doctor = |json: &[&str]| {
            let mut command = setup.command(folder);
            command.env("LOG_FORMAT", "json").arg("doctor").args(json);
            command.output().unwrap()
        };
        let (plain, json) = (doctor(&[]), doctor(&["--json"]));
        assert_eq!(plain.status.code(), json.status.code());
        let findings: Value = serde_json::from_slice(&json.stdout).unwrap();
        assert_eq!(findings["ok"], json.status.success());
        Self {
            code: json.status.code(),
            text: all(&plain) + &all(&json),
            findings,
        }
    }

    /// The worst that is said of each thing looked at.
    fn states(&self) -> BTreeMap<&str, &str> {
        let mut states = BTreeMap::new();
        for finding in self.findings["findings"].as_array().unwrap() {
            let text = |name: &str| finding[name].as_str().unwrap();
            let worst = states.entry(text("check")).or_insert("ok");
            if rank(text("state")) > rank(worst) {
                *worst = text("state");
            }
        }
        states
    }
}

fn rank(state: &str) -> usize {
    let known = ["ok", "warning", "failure"];
    known.iter().position(|s| *s == state).unwrap()
}

fn all(output: &Output) -> String {
    let [out, err] = [&output.stdout, &output.stderr].map(|said| String::from_utf8_lossy(said));
    format!("{out}{err}")
}

#[tokio::test]
async fn beside_a_running_server_on_real_parts_everything_is_well() {
    let simulator = strict().await;
    let (google, mails) = (Provider::shaping().await, Mails::start());
    let (setup, stores) = Setup::default().on_production_stores();
    let setup = setup
        .secured()
        .with("REDIS_URL", &RedisServer::shared().url())
        .with("VISION_PROVIDERS", "openai,anthropic,gemini")
        .with("OPENAI_BASE_URL", simulator.base_url().as_str())
        .with("OPENAI_API_KEY", KEY)
        .with("ANTHROPIC_BASE_URL", simulator.origin().as_str())
        .with("ANTHROPIC_API_KEY", KEY)
        .with("GEMINI_BASE_URL", simulator.origin().as_str())
        .with("GEMINI_API_KEY", KEY)
        .with("GOOGLE_CLIENT_IDS", "app")
        .with("GOOGLE_ISSUER", google.issuer())
        .with("SMTP_URL", &mails.url("secret"))
        .with("MAIL_FROM", "no-reply@study.example");
    let server = setup.start().await;
    let setup = setup.with("SMARTSIGHT_PUBLIC_URL", &server.base);
    let told = Told::by(&setup, server.folder());
    let mut states = told.states();
    // How full this machine is, is its own affair.
    states.remove("data folder");
    assert!(states.values().all(|state| *state == "ok"), "{}", told.text);
    assert_eq!(states.len(), 9, "{states:?}");
    assert!(told.text.contains("in use by process"), "{}", told.text);
    assert_eq!(told.code, Some(0));
    assert!(left_behind(&stores.s3).is_empty());
}

async fn strict() -> Simulator {
    Simulator::start_with(SimOptions {
        keys: Some(vec![KEY.to_owned()]),
        ..SimOptions::default()
    })
    .await
}

/// Files in the bucket, whatever they are.
fn left_behind(s3: &S3Server) -> Vec<String> {
    let below = |folder: &Path| {
        let entries = std::fs::read_dir(folder).unwrap().flatten();
        let entries = entries.map(|entry| entry.path());
        entries.collect::<Vec<_>>()
    };
    let mut open = below(&s3.bucket_folder());
    let mut files = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(below(&path));
        } else {
            files.push(path.display().to_string());
        }
    }
    files
}

#[tokio::test]
async fn everything_that_is_broken_is_told_at_once_and_no_secret_with_it() {
    let simulator = strict().await;
    let mails = Mails::start();
    let s3 = S3Server::start();
    let setup = Setup::default()
        .secured()
        .on("postgres://ada:db-secret@127.0.0.1:1/x", &s3)
        .with("AWS_SECRET_ACCESS_KEY", "not-the-secret-of-s3")
        .with("REDIS_URL", &format!("redis://:redis-secret@{NOBODY}"))
        .with("VISION_PROVIDERS", "openai,anthropic,gemini")
        .with("OPENAI_BASE_URL", simulator.base_url().as_str())
        .with("OPENAI_API_KEY", "sk-wrong-key")
        .with("ANTHROPIC_BASE_URL", &format!("http://{NOBODY}"))
        .with("ANTHROPIC_API_KEY", KEY)
        .with("GEMINI_BASE_URL", simulator.origin().as_str())
        .with("GEMINI_API_KEY", "wrong-key-of-gemini")
        .with("GOOGLE_CLIENT_IDS", "app")
        .with("GOOGLE_CLIENT_SECRET", "google-secret")
        .with("GOOGLE_ISSUER", &format!("http://{NOBODY}"))
        .with("SMTP_URL", &mails.url("wrong-password"))
        .with("MAIL_FROM", "no-reply@study.example")
        .with("SMARTSIGHT_PUBLIC_URL", &format!("http://{NOBODY}"));
    let folder = tempfile::tempdir().unwrap();
    let told = Told::by(&setup, folder.path());
    let states = told.states();
    for check in [
        "database", "objects", "redis", "models", "voice", "mail", "google",
    ] {
        assert_eq!(states[check], "failure", "{check}: {}", told.text);
    }
    assert_eq!(states["public url"], "warning", "{}", told.text);
    assert_eq!(states["clock"], "ok", "{}", told.text);
    assert_eq!(told.code, Some(1));
    for secret in [
        "db-secret",
        "not-the-secret",
        "redis-secret",
        "wrong-key",
        KEY,
        "google-secret",
        "wrong-password",
        SECRET,
    ] {
        assert!(!told.text.contains(secret), "{secret}: {}", told.text);
    }
}

#[tokio::test]
async fn each_line_says_what_to_mend() {
    let folder = tempfile::tempdir().unwrap();
    let doctor = |setup: &Setup| Told::by(setup, folder.path());
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let open = Setup::default();
    let below_a_file = file.join("data");
    let below_a_file = below_a_file.to_string_lossy();
    let unmade = doctor(&open.clone().with("SMARTSIGHT_DATA_DIR", &below_a_file));
    assert_eq!(unmade.states()["data folder"], "failure", "{}", unmade.text);
    let s3 = S3Server::start();
    let bucket = open.clone().on("sqlite::memory:", &s3);
    let missing = doctor(&bucket.clone().with("S3_BUCKET", "no-such-bucket"));
    assert!(missing.text.contains("NoSuchBucket"), "{}", missing.text);
    let unreachable = format!("http://{NOBODY}");
    let outside = doctor(&bucket.with("S3_PUBLIC_ENDPOINT_URL", &unreachable));
    assert_eq!(outside.states()["objects"], "warning", "{}", outside.text);
    assert!(outside.text.contains("S3_PUBLIC_ENDPOINT_URL"));
    let unread = open
        .with("VISION_PROVIDERS", "local")
        .with("PATH", "/nowhere");
    let unread = doctor(&unread);
    assert!(unread.text.contains("apt-get install"), "{}", unread.text);
}

#[tokio::test]
async fn nothing_is_made_or_migrated_before_the_first_start() {
    let folder = tempfile::tempdir().unwrap();
    let told = Told::by(&Setup::default(), folder.path());
    assert!(
        told.text.contains("made at the first start"),
        "{}",
        told.text
    );
    assert!(!folder.path().join("data").exists());
    let database = testkit::postgres::empty();
    let setup = Setup::default().with("DATABASE_URL", database.url());
    for _ in 0..2 {
        let told = Told::by(&setup, folder.path());
        assert_eq!(told.states()["database"], "warning", "{}", told.text);
        assert!(told.text.contains("smartsight migrate"), "{}", told.text);
    }
    let mut migrate = setup.command(folder.path());
    assert!(migrate.arg("migrate").status().unwrap().success());
    let told = Told::by(&setup, folder.path());
    assert_eq!(told.states()["database"], "ok", "{}", told.text);
}

#[tokio::test]
async fn a_user_of_the_database_who_may_only_read_is_a_failure() {
    let database = testkit::postgres::empty();
    let server = testkit::postgres::Server::shared();
    let role = format!("reader_{}", std::process::id());
    server.run(&format!("CREATE ROLE {role} LOGIN")).unwrap();
    let read_only = format!("ALTER ROLE {role} SET default_transaction_read_only = on");
    server.run(&read_only).unwrap();
    let url = database.url().replace("postgres@", &format!("{role}@"));
    let folder = tempfile::tempdir().unwrap();
    let told = Told::by(&Setup::default().with("DATABASE_URL", &url), folder.path());
    server.run(&format!("DROP ROLE {role}")).unwrap();
    assert_eq!(told.states()["database"], "failure", "{}", told.text);
    assert!(told.text.contains("read-only"), "{}", told.text);
}
