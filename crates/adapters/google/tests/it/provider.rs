//! Starts providers written for Node.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::SystemTime;

use google::{BrowserClient, Google, GoogleSettings};
use kernel::Timestamp;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

pub(crate) const REDIRECT: &str = "http://127.0.0.1:1/callback";

/// A running provider; it ends with the test.
pub(crate) struct Provider {
    pub(crate) issuer: String,
    _process: Child,
    /// Held open: a provider whose output nobody takes would end.
    _output: Lines<BufReader<ChildStdout>>,
}

impl Provider {
    /// One that signs whatever it is told to.
    pub(crate) async fn shaping() -> Self {
        Self::start("shaping.mjs").await
    }

    /// One with a login form.
    pub(crate) async fn flow() -> Self {
        Self::start("flow.mjs").await
    }

    async fn start(script: &str) -> Self {
        let folder = tokio::task::spawn_blocking(installed).await.unwrap();
        let mut node = Command::new(folder.join("node_modules/node/bin/node"));
        node.arg(folder.join(script)).kill_on_drop(true);
        node.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = node.spawn().expect("the installed node starts");
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let issuer = lines.next_line().await.unwrap();
        Self {
            issuer: issuer.expect("the provider did not start"),
            _process: process,
            _output: lines,
        }
    }

    pub(crate) fn settings(&self) -> GoogleSettings {
        GoogleSettings {
            issuer: self.issuer.clone(),
            client_ids: vec!["app".to_owned(), "phone".to_owned()],
            browser: Some(BrowserClient {
                secret: "the secret of app".into(),
                redirect_url: REDIRECT.parse().unwrap(),
            }),
        }
    }

    pub(crate) fn google(&self) -> Google {
        Google::new(self.settings()).unwrap()
    }

    /// A token of a verified Ada for `app`, with these claims changed; null takes one away.
    pub(crate) async fn sign(&self, changes: Value) -> String {
        self.sign_with("first", changes).await
    }

    pub(crate) async fn sign_with(&self, kid: &str, changes: Value) -> String {
        let mut claims = json!({
            "aud": "app", "sub": "1", "email": "Ada@example.org", "email_verified": true,
            "name": "Ada",
        });
        let changes = changes.as_object().unwrap().clone();
        claims.as_object_mut().unwrap().extend(changes);
        self.control("sign", json!({"kid": kid, "claims": claims}))
            .await
    }

    pub(crate) async fn control(&self, what: &str, body: Value) -> String {
        let url = format!("{}/control/{what}", self.issuer);
        let answer = reqwest::Client::new().post(url).json(&body).send().await;
        answer.unwrap().text().await.unwrap()
    }
}

pub(crate) fn now() -> Timestamp {
    SystemTime::now().into()
}

/// The folder with scripts and packages; one process installs, the others wait.
fn installed() -> PathBuf {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/providers");
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../target");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or(beside, PathBuf::from);
    let folder = target.join("openid-providers");
    fs::create_dir_all(&folder).unwrap();
    let lock = File::create(folder.join("lock")).unwrap();
    lock.lock().unwrap();
    for script in ["shaping.mjs", "flow.mjs"] {
        fs::copy(scripts.join(script), folder.join(script)).unwrap();
    }
    let wanted = fs::read(scripts.join("package.json")).unwrap();
    let stamp = folder.join("installed.json");
    if fs::read(&stamp).is_ok_and(|found| found == wanted) {
        return folder;
    }
    fs::write(folder.join("package.json"), &wanted).unwrap();
    let mut npm = std::process::Command::new("npm");
    npm.args(["install", "--no-audit", "--no-fund"]);
    let done = npm.current_dir(&folder).output().expect("npm is needed");
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "npm install: {said}");
    fs::write(stamp, wanted).unwrap();
    folder
}
