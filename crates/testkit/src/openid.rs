//! Real OpenID providers, started by the test.
//!
//! Needs `npm`, which installs the providers and the Node they want once under
//! `target/openid-providers`.

mod browser;
mod install;

pub use browser::{Back, Browser};

use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// A running provider; it ends with the test.
pub struct Provider {
    issuer: String,
    _process: Child,
    /// Held open: a provider whose output nobody takes would end.
    _output: Lines<BufReader<ChildStdout>>,
}

impl Provider {
    /// The client id of [`Self::flow`], and the first audience of [`Self::sign`].
    pub const CLIENT_ID: &str = "app";
    /// The client secret of [`Self::flow`].
    pub const CLIENT_SECRET: &str = "the secret of app";

    /// One that signs whatever it is told to.
    pub async fn shaping() -> Self {
        Self::start("shaping.mjs", &[]).await
    }

    /// One with the code flow and a login form, which sends browsers back to `redirect` only.
    pub async fn flow(redirect: &str) -> Self {
        Self::start("flow.mjs", &[redirect]).await
    }

    /// The issuer as it calls itself.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// A token of a verified Ada for `app`, with these claims changed; null takes one away.
    pub async fn sign(&self, changes: Value) -> String {
        self.sign_with("first", changes).await
    }

    /// [`Self::sign`] with the key of this name.
    pub async fn sign_with(&self, kid: &str, changes: Value) -> String {
        let mut claims = json!({
            "aud": Self::CLIENT_ID, "sub": "1", "email": "Ada@example.org",
            "email_verified": true, "name": "Ada",
        });
        if let (Some(claims), Value::Object(changes)) = (claims.as_object_mut(), changes) {
            claims.extend(changes);
        }
        let body = json!({ "kid": kid, "claims": claims });
        self.control("sign", body).await
    }

    /// Tells the shaping provider to `sign`, `rotate`, `cache`, or say what was `fetched`.
    ///
    /// # Panics
    /// When it does not answer.
    pub async fn control(&self, what: &str, body: Value) -> String {
        let url = format!("{}/control/{what}", self.issuer);
        let said = async {
            let answer = reqwest::Client::new().post(&url).json(&body).send();
            answer.await?.text().await
        };
        said.await.unwrap_or_else(|error| panic!("{url}: {error}"))
    }

    async fn start(script: &str, args: &[&str]) -> Self {
        let folder = tokio::task::spawn_blocking(install::installed).await;
        let folder = folder.unwrap_or_else(|error| panic!("{error}"));
        let mut node = Command::new(folder.join("node_modules/node/bin/node"));
        node.arg(folder.join(script)).args(args).kill_on_drop(true);
        node.stdout(Stdio::piped()).stderr(Stdio::null());
        let process = node.spawn();
        let mut process = process.unwrap_or_else(|error| panic!("{node:?}: {error}"));
        let Some(output) = process.stdout.take() else {
            panic!("{script} has no output")
        };
        let mut lines = BufReader::new(output).lines();
        let Ok(Some(issuer)) = lines.next_line().await else {
            panic!("{script} did not start")
        };
        Self {
            issuer,
            _process: process,
            _output: lines,
        }
    }
}
