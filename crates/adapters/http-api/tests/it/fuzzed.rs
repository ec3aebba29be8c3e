//! Requests that somebody has altered. The contract holds for each answer, see the harness.

use std::fmt::Write;

use fuzz::{Effort, run};
use http::{Method, header};
use tokio::runtime::Runtime;

use crate::harness::{Answer, App, Client};

const SENT_AS: &str = "multipart/form-data; boundary=XX";
const WORDS_OF_FORMS: &[&[u8]] = &[
    b"\r\n--XX\r\n",
    b"\r\n--XX--\r\n",
    b"Content-Disposition: form-data; name=\"image\"; filename=\"a\"\r\n\r\n",
    b"Content-Disposition: form-data; name=\"sessionId\"\r\n\r\n",
    b"Content-Type: image/jpeg\r\n",
    b"\r\n\r\n",
    b"\0",
];
const WORDS_OF_JSON: &[&[u8]] = &[
    b"null",
    b"1e999",
    b"-0",
    b"\\u0000",
    b"\\ud800",
    b"[[[[[[[[",
    b"{\"a\":",
    b"\"\"",
    b"\xff",
];

/// A server in its own runtime, and somebody who asks it.
pub(crate) struct House {
    runtime: Runtime,
    client: Client,
    _app: App,
}

impl House {
    pub(crate) fn open() -> Self {
        let runtime = Runtime::new().unwrap();
        let app = runtime.block_on(App::start());
        Self {
            client: app.client("ada"),
            runtime,
            _app: app,
        }
    }

    /// Bytes as a form: taken, or refused with a code.
    pub(crate) fn form(&self, body: &[u8]) {
        for path in ["/api/v1/upload", "/api/v1/upload-and-analyze"] {
            let request = self.client.request(Method::POST, path);
            let request = request.header(header::CONTENT_TYPE, SENT_AS);
            let answer = self.ask(request, body);
            let said = answer.status == 200 || answer.body["error"]["code"].is_string();
            assert!(said, "{}", answer.body);
        }
    }

    /// The first line is method and path, the rest is the body.
    pub(crate) fn json(&self, bytes: &[u8]) {
        let (head, body) = split(bytes);
        let Some((method, path)) = head.split_once(' ') else {
            return;
        };
        let is_of_api = path.starts_with("/api/v1/") && path.parse::<http::Uri>().is_ok();
        if let (true, Ok(method)) = (is_of_api, method.parse::<Method>()) {
            let request = self.client.request(method, path);
            let request = request.header(header::CONTENT_TYPE, "application/json");
            self.ask(request, body);
        }
    }

    /// Bytes as the cursor of lists: a page, or refused.
    pub(crate) fn cursor(&self, bytes: &[u8]) {
        let mut cursor = String::new();
        for byte in bytes {
            write!(cursor, "%{byte:02x}").unwrap();
        }
        for list in ["session", "bookmark", "voice"] {
            let path = format!("/api/v1/{list}?cursor={cursor}&limit=2");
            // No address is that long.
            if path.parse::<http::Uri>().is_ok() {
                let answer = self.ask(self.client.request(Method::GET, &path), b"");
                let known = [200, 400].contains(&answer.status.as_u16());
                assert!(known, "{} {}", answer.status, answer.body);
            }
        }
    }

    /// The server itself is never at fault.
    fn ask(&self, request: http::request::Builder, body: &[u8]) -> Answer {
        let request = request.body(body.to_vec().into()).unwrap();
        let answer = self.runtime.block_on(self.client.send(request));
        let status = answer.status.as_u16();
        assert!(status < 500, "{status} {}", answer.body);
        answer
    }
}

fn split(bytes: &[u8]) -> (&str, &[u8]) {
    let end = bytes.iter().position(|byte| *byte == b'\n');
    let (head, rest) = bytes.split_at(end.unwrap_or(bytes.len()));
    let head = std::str::from_utf8(head).unwrap_or_default();
    (head, rest.strip_prefix(b"\n").unwrap_or_default())
}

#[test]
fn altered_forms_are_refused_or_taken_and_never_break_the_server() {
    let house = House::open();
    let effort = Effort {
        alterations: 400,
        words: WORDS_OF_FORMS,
    };
    run("multipart", effort, |body| house.form(body));
}

#[test]
fn altered_json_is_refused_or_taken_and_never_breaks_the_server() {
    let house = House::open();
    let effort = Effort {
        alterations: 1_500,
        words: WORDS_OF_JSON,
    };
    run("json", effort, |bytes| house.json(bytes));
}

#[test]
fn any_cursor_of_any_list_is_a_page_or_refused() {
    let house = House::open();
    let effort = Effort {
        alterations: 400,
        words: &[b".", b"%", b"&cursor="],
    };
    run("cursor", effort, |bytes| house.cursor(bytes));
}
