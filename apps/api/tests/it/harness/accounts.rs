//! People with accounts.

use std::process::Command;

use reqwest::{Method, StatusCode};
use serde_json::json;

use super::{Answer, Client, Server, Setup, eventually};

/// Signs access tokens in tests.
pub(crate) const SECRET: &str = "a secret of thirty-two bytes or so";
/// Everybody's password.
pub(crate) const PASSWORD: &str = "Correct-Horse-1";

/// What a sign-in or a refresh gives.
#[derive(Debug, Clone)]
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: String,
}

impl From<Answer> for Tokens {
    #[track_caller]
    fn from(answer: Answer) -> Self {
        let text = |name: &str| answer.data()[name].as_str().unwrap().to_owned();
        Self {
            access: text("token"),
            refresh: text("refreshToken"),
        }
    }
}

impl Setup {
    /// Nobody gets in without a token.
    pub(crate) fn secured(self) -> Self {
        self.with("SMARTSIGHT_MODE", "secured")
            .with("JWT_SECRET", SECRET)
    }
}

impl Client {
    /// Makes an account.
    pub(crate) async fn register(&self, email: &str) -> Tokens {
        let account = json!({ "email": email, "password": PASSWORD });
        self.post("/api/v1/auth/register", account).await.into()
    }

    /// Signs in with a password on a device of this name.
    pub(crate) async fn sign_in(&self, email: &str, password: &str, device: &str) -> Answer {
        let body = json!({ "email": email, "password": password, "deviceName": device });
        self.post("/api/v1/auth/login", body).await
    }

    /// Swaps a refresh token.
    pub(crate) async fn refresh(&self, token: &str) -> Answer {
        let body = json!({ "refreshToken": token });
        self.post("/api/v1/auth/refresh", body).await
    }

    /// The account this access token lets in.
    pub(crate) async fn me(&self, access: &str) -> Answer {
        self.bearing(access).get("/api/v1/auth/me").await
    }

    /// Whether this access token lets anybody in; a refusal must be a 401.
    pub(crate) async fn lets_in(&self, access: &str) -> bool {
        let answer = self.me(access).await;
        if answer.status == StatusCode::OK {
            return true;
        }
        assert_eq!(answer.error(), (401, "UNAUTHORIZED".to_owned()));
        false
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path)).await
    }
}

impl Server {
    /// Nobody can move the clock of a process: instead the swaps of refresh tokens in its SQLite
    /// database move back.
    pub(crate) fn make_swaps_a_minute_older(&self) {
        const SCRIPT: &str = "import sqlite3, sys\n\
            connection = sqlite3.connect(sys.argv[1], timeout=30)\n\
            connection.execute('UPDATE refresh_tokens SET swapped_at = swapped_at - 60000')\n\
            connection.commit()\n";
        let mut python = Command::new("python3");
        python
            .args(["-c", SCRIPT])
            .arg(self.folder().join("data/smartsight.db"));
        assert!(python.status().unwrap().success());
    }

    /// The code in the mail with this subject, once there is one.
    pub(crate) async fn mailed_code(&self, subject: &str) -> String {
        eventually(async || {
            let folders = self.data_folders().into_iter();
            let mails = folders.filter_map(|data| std::fs::read_dir(data.join("mail")).ok());
            let mails = mails.flatten().flatten();
            let mut texts = mails.filter_map(|mail| std::fs::read_to_string(mail.path()).ok());
            texts.find_map(|text| code_of(&text, subject))
        })
        .await
    }
}

/// The code stands on a line of its own. A mail that is not yet written to its end has none.
fn code_of(mail: &str, subject: &str) -> Option<String> {
    let whole = mail.contains(&format!("Subject: {subject}")) && mail.contains("It works once");
    let is_code = |line: &&str| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        line.len() == 64 && line.bytes().all(allowed)
    };
    let code = mail.lines().find(is_code);
    code.filter(|_| whole).map(str::to_owned)
}
