//! As much of a browser as a login form needs.

use std::collections::HashMap;

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use url::Url;

use crate::provider::REDIRECT;

/// Keeps cookies, follows redirects, fills in forms.
pub(crate) struct Browser {
    client: Client,
    cookies: HashMap<String, String>,
}

impl Browser {
    pub(crate) fn new() -> Self {
        Self {
            client: Client::builder().redirect(Policy::none()).build().unwrap(),
            cookies: HashMap::new(),
        }
    }

    /// Logs in and agrees to everything, until the provider sends it back; the code and the state
    /// it comes back with.
    pub(crate) async fn sign_in(&mut self, start: Url, login: &str) -> (String, String) {
        let mut answer = self.get(start).await;
        loop {
            let at = answer.url().clone();
            let Some(to) = answer.headers().get(LOCATION) else {
                answer = self.submit(&at, answer, login).await;
                continue;
            };
            let next = at.join(to.to_str().unwrap()).unwrap();
            if next.as_str().starts_with(REDIRECT) {
                return back(&next);
            }
            answer = self.get(next).await;
        }
    }

    async fn get(&mut self, url: Url) -> Response {
        let request = self.client.get(url).header(COOKIE, self.cookie_header());
        self.keep(request.send().await.unwrap())
    }

    async fn submit(&mut self, at: &Url, page: Response, login: &str) -> Response {
        let page = page.text().await.unwrap();
        let action = at.join(between(&page, "action=\"", "\"")).unwrap();
        let prompt = between(&page, "name=\"prompt\" value=\"", "\"");
        let fields = [("prompt", prompt), ("login", login), ("password", "any")];
        let request = self.client.post(action).form(&fields);
        let request = request.header(COOKIE, self.cookie_header());
        self.keep(request.send().await.unwrap())
    }

    fn cookie_header(&self) -> String {
        let pairs = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    fn keep(&mut self, answer: Response) -> Response {
        for cookie in answer.headers().get_all(SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }
}

fn back(url: &Url) -> (String, String) {
    let query: HashMap<_, _> = url.query_pairs().into_owned().collect();
    (query["code"].clone(), query["state"].clone())
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("{text}"));
    rest.split_once(after).unwrap().0
}
