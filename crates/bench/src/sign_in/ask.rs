//! Addresses, and questions about them.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::ensure;
use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::json;

use crate::server::Server;

const PASSWORD: &str = "Correct-Horse-1";
/// The limits let an account have so many mails from anywhere, and this benchmark asks no oftener.
const TIMES_EACH: usize = 5;

/// What is asked.
#[derive(Clone, Copy)]
pub(super) enum Question {
    /// To sign in with a password that is wrong.
    WrongPassword,
    /// To have a mail sent that resets the password.
    ForgottenPassword,
}

/// Addresses of each kind, and where they are asked for.
pub(super) struct People {
    client: Client,
    base: String,
    question: Question,
    /// Known, known, unknown.
    kinds: [Vec<String>; 3],
}

impl Question {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::WrongPassword => "`POST /auth/login`, wrong password",
            Self::ForgottenPassword => "`POST /auth/password/forgot`",
        }
    }

    const fn expected(self) -> StatusCode {
        match self {
            Self::WrongPassword => StatusCode::UNAUTHORIZED,
            Self::ForgottenPassword => StatusCode::ACCEPTED,
        }
    }

    const fn path(self) -> &'static str {
        match self {
            Self::WrongPassword => "login",
            Self::ForgottenPassword => "password/forgot",
        }
    }
}

impl People {
    /// Makes accounts for the known addresses.
    ///
    /// # Errors
    /// When the server makes none.
    pub(super) async fn make(
        server: &Server,
        question: Question,
        rounds: usize,
    ) -> anyhow::Result<Self> {
        let each = rounds.div_ceil(TIMES_EACH);
        let named = |kind: char| {
            (0..each)
                .map(move |n| address_of(question, n, kind))
                .collect()
        };
        let people = Self {
            client: Client::new(),
            base: format!("{}/api/v1/auth", server.base),
            question,
            kinds: ['a', 'b', 'c'].map(named),
        };
        // In turns, so that neither kind is older.
        for n in 0..each {
            for kind in [0, 1] {
                people.register(&people.kinds[kind][n]).await?;
            }
        }
        Ok(people)
    }

    /// How long the answer takes for the address of this kind and round.
    ///
    /// # Errors
    /// When it is another answer than expected.
    pub(super) async fn ask(&self, kind: usize, round: usize) -> anyhow::Result<Duration> {
        let addresses = &self.kinds[kind];
        let body = json!({
            "email": addresses[round % addresses.len()],
            "password": "Wrong-Horse-2",
        });
        let path = self.question.path();
        let request = self.request(path).json(&body).build()?;
        let begun = Instant::now();
        let answer = self.client.execute(request).await?;
        let status = answer.status();
        let text = answer.text().await?;
        let time = begun.elapsed();
        ensure!(status == self.question.expected(), "{status}: {text}");
        Ok(time)
    }

    async fn register(&self, email: &str) -> anyhow::Result<()> {
        let body = json!({ "email": email, "password": PASSWORD });
        let answer = self.request("register").json(&body).send().await?;
        answer.error_for_status()?.bytes().await?;
        Ok(())
    }

    fn request(&self, path: &str) -> RequestBuilder {
        let request = self.client.post(format!("{}/{path}", self.base));
        request.header("X-Forwarded-For", from())
    }
}

/// All of one length.
fn address_of(question: Question, number: usize, kind: char) -> String {
    let of = match question {
        Question::WrongPassword => 'w',
        Question::ForgottenPassword => 'f',
    };
    format!("person-{of}{number:05}{kind}@example.org")
}

/// An address that nothing came from yet.
fn from() -> String {
    static LAST: AtomicU32 = AtomicU32::new(0);
    let [_, high, middle, low] = LAST.fetch_add(1, Ordering::Relaxed).to_be_bytes();
    format!("10.{high}.{middle}.{low}")
}
