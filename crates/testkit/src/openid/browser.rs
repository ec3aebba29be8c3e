//! As much of a browser as a login form needs.

use std::collections::HashMap;

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use url::Url;

/// Keeps cookies, follows redirects, fills in forms. One site alone: cookies know no origin.
pub struct Browser {
    client: Client,
    cookies: HashMap<String, String>,
}

/// What the provider sends a browser back with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Back {
    /// The code.
    pub code: String,
    /// The state.
    pub state: String,
}

impl Browser {
    /// A browser without cookies.
    ///
    /// # Panics
    /// When no HTTP client can be made.
    pub fn new() -> Self {
        let client = Client::builder().redirect(Policy::none()).build();
        Self {
            client: client.unwrap_or_else(|error| panic!("no HTTP client: {error}")),
            cookies: HashMap::new(),
        }
    }

    /// Logs in and agrees to everything, until the provider sends it back to `redirect`.
    ///
    /// # Panics
    /// When a page is not what it should be.
    pub async fn sign_in(&mut self, start: Url, redirect: &str, login: &str) -> Back {
        let mut answer = self.get(start).await;
        loop {
            let at = answer.url().clone();
            let to = answer.headers().get(LOCATION);
            let Some(to) = to.and_then(|to| to.to_str().ok()) else {
                answer = self.submit(&at, answer, login).await;
                continue;
            };
            let next = joined(&at, to);
            if next.as_str().starts_with(redirect) {
                return Back::read(&next);
            }
            answer = self.get(next).await;
        }
    }

    /// Asks for a page, with cookies; redirects are not followed.
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn get(&mut self, url: Url) -> Response {
        let request = self.client.get(url).header(COOKIE, self.cookie_header());
        self.send(request).await
    }

    async fn submit(&mut self, at: &Url, page: Response, login: &str) -> Response {
        let page = page.text().await;
        let page = page.unwrap_or_else(|error| panic!("{at}: {error}"));
        let action = joined(at, between(&page, "action=\"", "\""));
        let prompt = between(&page, "name=\"prompt\" value=\"", "\"");
        let fields = [("prompt", prompt), ("login", login), ("password", "any")];
        let request = self.client.post(action).form(&fields);
        let request = request.header(COOKIE, self.cookie_header());
        self.send(request).await
    }

    async fn send(&mut self, request: reqwest::RequestBuilder) -> Response {
        let answer = request.send().await;
        let answer = answer.unwrap_or_else(|error| panic!("{error}"));
        self.keep(&answer);
        answer
    }

    fn cookie_header(&self) -> String {
        let pairs = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    fn keep(&mut self, answer: &Response) {
        for cookie in answer.headers().get_all(SET_COOKIE) {
            let pair = cookie.to_str().ok().and_then(|text| text.split(';').next());
            let Some((name, value)) = pair.and_then(|pair| pair.split_once('=')) else {
                panic!("not a cookie: {cookie:?}")
            };
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

impl Default for Browser {
    fn default() -> Self {
        Self::new()
    }
}

impl Back {
    fn read(url: &Url) -> Self {
        let value = |wanted: &str| {
            let mut pairs = url.query_pairs();
            let found = pairs.find(|(name, _)| name == wanted);
            found.map_or_else(
                || panic!("no {wanted} in {url}"),
                |(_, value)| value.into_owned(),
            )
        };
        Self {
            code: value("code"),
            state: value("state"),
        }
    }
}

fn joined(at: &Url, to: &str) -> Url {
    at.join(to)
        .unwrap_or_else(|error| panic!("{at} leads to {to}: {error}"))
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest = text.split_once(before).map(|(_, rest)| rest);
    rest.and_then(|rest| rest.split_once(after))
        .map_or_else(|| panic!("no {before} in {text}"), |(found, _)| found)
}
