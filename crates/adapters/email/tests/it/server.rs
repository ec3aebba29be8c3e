//! A running SMTP server.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Stdio};

use auth::{Mail, OpaqueToken, Purpose};
use email::{Delivery, Email, EmailSettings};
use serde_json::Value;

/// Ends with the test.
pub(crate) struct Server {
    process: Child,
    output: BufReader<ChildStdout>,
    port: String,
}

impl Server {
    pub(crate) fn start(args: &[&str]) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/smtpd.py");
        let mut python = testkit::python::with(&["aiosmtpd==1.4.6"]).command();
        python.arg(script).args(args);
        python.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = python.spawn().unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let port = line(&mut output);
        Self {
            process,
            output,
            port,
        }
    }

    /// An adapter that sends here, with this user info (`user:password@`) and query.
    pub(crate) fn email(&self, user: &str, query: &str) -> Email {
        let url = format!("smtp://{user}127.0.0.1:{}{query}", self.port);
        email_to(Delivery::Smtp(url.into()))
    }

    /// The next mail it has taken.
    pub(crate) fn mail(&mut self) -> Value {
        serde_json::from_str(&line(&mut self.output)).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

pub(crate) fn email_to(delivery: Delivery) -> Email {
    Email::new(EmailSettings {
        delivery,
        from: "SmartSight <no-reply@study.example>".to_owned(),
        pages: Some("https://study.example".parse().unwrap()),
    })
    .unwrap()
}

pub(crate) fn mail(to: &str) -> Mail {
    Mail {
        to: to.parse().unwrap(),
        purpose: Purpose::ResetPassword,
        token: OpaqueToken::parse(&"a".repeat(64)).unwrap(),
    }
}

fn line(output: &mut BufReader<ChildStdout>) -> String {
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}
