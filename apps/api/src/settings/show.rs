//! The effective settings in words.

use url::Url;

use super::raw::Raw;
use super::variables::VARIABLES;

const MASK: &str = "********";

/// One line a setting: name, value (secrets masked) and where it came from.
pub(crate) fn show(raw: &Raw) -> String {
    let width = VARIABLES
        .iter()
        .map(|variable| variable.name.len())
        .max()
        .unwrap_or(0);
    let line = |variable: &super::variables::Variable| {
        let value = match raw.get(variable.name) {
            Some(_) if variable.secret => MASK.to_owned(),
            Some(value) if variable.name.ends_with("_URL") => without_credentials(value),
            Some(value) => value.to_owned(),
            None => variable.default.to_owned(),
        };
        format!(
            "{:width$}  {value}  [{}]\n",
            variable.name,
            raw.source(variable.name)
        )
    };
    VARIABLES.iter().map(line).collect()
}

/// The URL without the name and password of whoever it lets in.
fn without_credentials(value: &str) -> String {
    let Ok(mut url) = Url::parse(value) else {
        return "(not a URL)".to_owned();
    };
    let is_without = url.set_username("").and_then(|()| url.set_password(None));
    if is_without.is_err() && !url.authority().is_empty() {
        return MASK.to_owned();
    }
    if let Some(query) = url.query() {
        let query = without_password_value(query);
        url.set_query(Some(&query));
    }
    url.to_string()
}

/// The query with the value of every name and password masked; the rest stays as it was written.
fn without_password_value(query: &str) -> String {
    let masked = |pair: &str| match pair.split_once('=') {
        Some((name, _)) if is_secret(name) => format!("{name}={MASK}"),
        _ => pair.to_owned(),
    };
    query.split('&').map(masked).collect::<Vec<_>>().join("&")
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["user", "password", "secret", "token", "key"]
        .iter()
        .any(|word| name.contains(word))
}
